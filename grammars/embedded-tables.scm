; A struct inside an initialised object: .ops = { .slot = f }, .ops = { [0] = { .slot = f } }
(initializer_pair
  designator: (_)
  value: (initializer_list
    (initializer_pair
      designator: (field_designator (field_identifier) @member))) @slots) @embedded
