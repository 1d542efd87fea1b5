// What gcc 12 for x86_64 answers to __has_attribute and __has_builtin; found by asking it for each name that kernel trees use.

/** Attributes by name without underscores, with the value of __has_attribute. */
export const knownAttributes: ReadonlyMap<string, number> = new Map<string, number>([
  ...[
    'alias', 'aligned', 'always_inline', 'alloc_size', 'alloc_align', 'assume_aligned', 'artificial', 'access', 'cleanup',
    'cold', 'const', 'constructor', 'copy', 'cf_check', 'designated_init', 'destructor', 'error', 'externally_visible',
    'fentry_name', 'format', 'format_arg', 'gnu_inline', 'hot', 'ifunc', 'indirect_branch', 'function_return', 'leaf',
    'malloc', 'may_alias', 'mode', 'ms_abi', 'sysv_abi', 'naked', 'no_caller_saved_registers', 'no_icf',
    'no_instrument_function', 'no_profile_instrument_function', 'no_reorder', 'no_sanitize', 'no_sanitize_address',
    'no_sanitize_coverage', 'no_sanitize_thread', 'no_sanitize_undefined', 'no_split_stack', 'no_stack_protector',
    'no_stack_limit', 'noclone', 'noinline', 'nocf_check', 'noipa', 'nonnull', 'nonstring', 'noplt', 'noreturn', 'nothrow',
    'nodirect_extern_access', 'optimize', 'packed', 'patchable_function_entry', 'pure', 'externally_visible', 'regparm',
    'retain', 'returns_nonnull', 'returns_twice', 'section', 'sentinel', 'simd', 'stack_protect', 'symver', 'target',
    'target_clones', 'tainted_args', 'tls_model', 'transparent_union', 'unavailable', 'uninitialized', 'unused', 'used',
    'vector_size', 'visibility', 'warn_if_not_aligned', 'warn_unused_result', 'warning', 'weak', 'weakref',
    'zero_call_used_regs', 'interrupt', 'fastcall', 'stdcall', 'cdecl', 'force_align_arg_pointer', 'scalar_storage_order',
  ].map((name): [string, number] => [name, 1]),
  // Attributes that C2x also has give the year and month of the proposal.
  ['deprecated', 201904],
  ['fallthrough', 201904],
  ['maybe_unused', 201904],
  ['nodiscard', 202003],
]);

/** Names for which __has_builtin gives 1. */
export const knownBuiltins: ReadonlySet<string> = new Set([
  '__atomic_signal_fence', '__builtin_add_overflow', '__builtin_alloca', '__builtin_bswap16', '__builtin_bswap32',
  '__builtin_bswap64', '__builtin_choose_expr', '__builtin_clz', '__builtin_clzl', '__builtin_clzll', '__builtin_constant_p',
  '__builtin_ctz', '__builtin_ctzl', '__builtin_ctzll', '__builtin_dynamic_object_size', '__builtin_expect',
  '__builtin_extract_return_addr', '__builtin_ffs', '__builtin_ffsll', '__builtin_frame_address', '__builtin_has_attribute',
  '__builtin_isdigit', '__builtin_memchr', '__builtin_memcmp', '__builtin_memcpy', '__builtin_memmove', '__builtin_memset',
  '__builtin_mul_overflow', '__builtin_object_size', '__builtin_offsetof', '__builtin_popcount', '__builtin_prefetch',
  '__builtin_return_address', '__builtin_strcat', '__builtin_strcpy', '__builtin_strlen', '__builtin_strncat',
  '__builtin_strncpy', '__builtin_sub_overflow', '__builtin_trap', '__builtin_types_compatible_p', '__builtin_unreachable',
  '__builtin_va_copy', '__builtin_va_end', '__builtin_va_start', '__sync_add_and_fetch', '__sync_fetch_and_and',
  '__sync_fetch_and_or', '__sync_sub_and_fetch', '__sync_synchronize', '__sync_val_compare_and_swap',
]);
