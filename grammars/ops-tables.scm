; Objects of a struct with a brace initialiser: what an ops table looks like, whichever struct it is.
; @slots holds the elements. Which structs and members count, and what kind of declarator it is, the caller decides:
; an alternation over declarators here takes tree-sitter ten times as long to compile.

; static const struct x_ops t = { .slot = f };
; static struct x_ops t[] = { { .slot = f }, [1] = { g } };
(declaration
  type: (struct_specifier name: (type_identifier) @struct)
  declarator: (init_declarator
    declarator: (_) @declarator
    value: (initializer_list) @slots))

; p->ops = &(struct x_ops){ .slot = f };
(compound_literal_expression
  type: (type_descriptor
    type: (struct_specifier name: (type_identifier) @struct))
  value: (initializer_list) @slots) @literal
