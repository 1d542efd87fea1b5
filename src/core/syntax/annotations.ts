// Words of kernel C that decorate declarations and mean nothing to a grammar of plain C; facts about the language, kept as data.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Annotations that stand alone. */
export const plainAnnotations = words(`
ACPI_INIT_FUNCTION ACPI_INLINE ACPI_UNUSED_VAR CRYPTO_MINALIGN_ATTR EARLYCON_USED_OR_UNUSED EPOLL_PACKED __EXTERN_INLINE __IO_EXTERN_INLINE
____cacheline_aligned ____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp __aligned_largest __always_inline __always_unused
__amode31_data __amode31_ref __annotate_jump_table __arcfp_code __arcfp_data __arg_ctx __assume_kmalloc_alignment __assume_page_alignment
__assume_slab_alignment __async_inline __attribute_const__ __bitwise __bitwise__ __bpf_aligned __bpf_kfunc __bpf_percpu_val_align __bss_decrypted
__cacheline_aligned __cacheline_aligned_in_smp __cdecl __cold __compat_packed __cpuidle __cpuidle_method_section __cpumask_var_read_mostly
__deprecated __designated_init __devexit __devinit __disable_sanitizer_instrumentation __ec_align1 __ec_align2 __ec_align4 __ec_align_offset1
__ec_align_offset2 __ec_align_size1 __ec_todo_packed __ec_todo_unpacked __efiapi __entry_text __exception_irq_entry __exit __exit_call __exitdata
__exitused __failure __fix_address __flatten __force __gnu_inline __head __hrtimer_clock_base_align __hyp_text __idmap __init __init_call
__init_memblock __init_or_acpilib __init_or_cpufreq __init_or_module __init_refok __init_task_data __init_thread_info __initconst
__initconst_or_module __initdata __initdata_memblock __initdata_or_acpilib __initdata_or_meminfo __initdata_or_module __initmv
__inline_maybe_unused __iomem __irq_entry __jiffy_arch_data __kconfig __kernel __kprobes __ksym __latent_entropy __lock_aligned __lockfunc
__lsm_ro_after_init __machine_desc __malloc __maybe_unused __meminit __meminitconst __meminitdata __module_layout_align __moduleparam_const
__must_check __naked __net_exit __net_init __net_initconst __net_initdata __no_caller_saved_registers __no_kasan_or_inline __no_kcsan
__no_kmsan_checks __no_profile __no_randomize_layout __no_sanitize_address __no_sanitize_coverage __no_sanitize_memory __no_sanitize_or_inline
__no_sanitize_thread __no_sanitize_undefined __no_stack_protector __nocast __nocfi __noclone __noendbr __noinitretpoline __noipa __nonstring
__noretpoline __noreturn __nosavedata __noscs __notrace_funcgraph __overloadable __packed __packed2__ __page_aligned_bss __page_aligned_data
__percpu __private __pure __randomize_layout __rcu __read_mostly __ref __refconst __refcount_check __refdata __ro_after_init __safe __sched
__softirq_entry __success __suffix0 __tag __tcmconst __tcmdata __tcmfunc __tcmlocalfunc __tracepoint_string __uml_exit_call __uml_init_setup
__uml_postsetup_call __uml_setup_help __uninitialized __unused __used __user __visible __weak __xipram asmlinkage noinline noinline_for_stack
noinstr nokprobe_inline notrace STATIC INLINE __extension__ __noinline __intr_data __devinitdata __cpuinit __cpuinitdata randomized_struct_fields_start
randomized_struct_fields_end __no_sanitize __noipa __capability __nocf_check __stdcall __restrict __restrict__ restrict __hot __section__
`);

/** Annotations with arguments in parentheses. */
export const callAnnotations = words(`
ACPI_PRINTF_LIKE __acquires __alias __aligned __alloc_size __alloc_size__ __assume_aligned __cleanup __compiletime_error __compiletime_warning
__cond_acquires __cond_acquires_shared __copy __counted_by __counted_by_be __counted_by_le __diagnose_as __free __guarded_by __log_level __mode __msg
__must_hold __must_hold_shared __acquires_shared __releases_shared __pass_object_size __printf __realloc_size __releases __scanf __section
__attribute__ __attribute __declspec _Alignas __alignas SEC __sized_by __no_sanitize __counted_by_ptr __printf_like __deprecated_msg __btf_type_tag
`);

/** Keywords that can never be the name of a macro or a function. */
export const keywords = words(`
auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static
struct switch typedef union unsigned void volatile while _Bool _Alignof __alignof__ __alignof _Atomic _Noreturn __inline __inline__ __const __const__
__volatile __volatile__ __signed__ __label__
`);

export const storageWords = words(
  'static extern inline register typedef __inline __inline__ auto _Noreturn const volatile __const __const__ __volatile__ __volatile _Thread_local',
);
export const primitiveWords = words('char int long short signed unsigned void float double _Bool __signed__');
export const tagWords = words('struct union enum');
export const controlWords = words('if while for switch');
export const asmWords = words('asm __asm__ __asm asm_volatile_goto asm_inline asm_goto_output asm_volatile');
export const typeofWords = words('typeof __typeof__ __typeof typeof_unqual __unqual_scalar_typeof __typeof_unqual__ TYPEOF_UNQUAL');

/** Macros whose block or statement runs under their control. */
export const loopName =
  /for_?each|foreach|_for_each|for_ever|_iter$|^while_|^until_|scoped_|_loop$|^do_each|^FOR_|^FOREACH|^SLIST_|^TAILQ_|^LIST_FOREACH|^for_/i;
