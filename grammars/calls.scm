; Calls that name their function.
(call_expression
  function: (identifier) @callee
  arguments: (argument_list) @arguments)
