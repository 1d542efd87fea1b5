; Stores to a member: x->ops = &t, ops.slot = f. Compound assignments change a number, never a function.
(assignment_expression
  left: (field_expression
    argument: (_) @owner
    field: (field_identifier) @member) @target
  operator: "="
  right: (_) @value)
