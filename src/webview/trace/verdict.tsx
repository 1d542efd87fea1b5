// The verdict and the result in one line; every verdict that is not "holds" lists its reasons, and notes about the set-up follow.
import type { TraceView, ViewInjection, ViewPlace } from '../../protocol/trace-view.ts';
import { PlaceLink } from '../shared/place-link.tsx';

const words = { holds: 'All laws hold', violated: 'Violated', unknown: 'Unknown' } as const;

/** Shape and word carry the meaning; colour only repeats it. */
export function VerdictMark({ kind }: { readonly kind: TraceView['verdict']['kind'] }) {
  return (
    <span class={`verdict ${kind}`}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
        {kind === 'holds' ? (
          <path d="M2.5 7.5l3 3 6-7" />
        ) : kind === 'violated' ? (
          <path d="M3 3l8 8M11 3l-8 8" />
        ) : (
          <path d="M4.5 5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.8M7 11.2v.3" />
        )}
      </svg>
      {words[kind]}
    </span>
  );
}

/** A text with its place as a link, inside when it names it, else behind it. */
function Linked({ text, at, open }: { readonly text: string; readonly at: ViewPlace | undefined; readonly open: (at: ViewPlace) => void }) {
  if (at === undefined) return <>{text}</>;
  const named = `${at.path}:${at.line}`;
  const where = text.indexOf(named);
  if (where < 0) {
    return (
      <>
        {text} <PlaceLink at={at} open={open} />
      </>
    );
  }
  return (
    <>
      {text.slice(0, where)}
      <PlaceLink at={at} open={open} />
      {text.slice(where + named.length)}
    </>
  );
}

export function Reasons({ view, open }: { readonly view: TraceView; readonly open: (at: ViewPlace) => void }) {
  if (view.verdict.reasons.length + view.notes.length === 0) return null;
  return (
    <ul class="reasons">
      {view.verdict.reasons.map((reason, i) => (
        <li key={i}>
          <span class="law">{reason.law}.</span> <Linked text={reason.text} at={reason.at} open={open} />
        </li>
      ))}
      {view.notes.map((note, i) => (
        <li key={`note ${i}`} class="note">
          <span class="law">Note.</span> {note}
        </li>
      ))}
    </ul>
  );
}

const outcomeWords = { returned: 'returned', oops: 'oops', limit: 'stopped', unknown: 'unknown' } as const;

/** `A BUS_MCEERR_AR, B BUS_MCEERR_AO ×3`, in the order of sending. */
function signalled(injection: ViewInjection): string {
  const counts = new Map<string, number>();
  for (const { process, signal, code } of injection.signals) {
    const who = `${process} ${signal === 'SIGBUS' ? code : `${signal} ${code}`}`;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return [...counts].map(([who, count]) => (count === 1 ? who : `${who} ×${count}`)).join(', ');
}

/** What came of an injection in one line, announced when it changes; `of` says of which result when it is not the one that is shown. */
export function OutcomeLine({ injection, of }: { readonly injection: ViewInjection; readonly of?: string }) {
  const { kind, text, errno } = injection.outcome;
  return (
    <p class={of === undefined ? 'outcome' : 'outcome earlier'} aria-live={of === undefined ? 'polite' : undefined} aria-atomic="true">
      {of === undefined ? null : <span class="unit">{of}: </span>}
      <span class={`how ${kind}`}>{outcomeWords[kind]}</span>{' '}
      {kind === 'limit' || kind === 'unknown' ? null : <code>{errno === undefined ? text : `${text} (${errno})`}</code>}
      <span class="unit"> · {injection.signals.length === 0 ? 'nobody signalled' : 'signalled '}</span>
      <code>{signalled(injection)}</code>
      <span class="unit">
        {' '}
        · {injection.shutdowns.length === 0 ? 'no shutdown' : 'filesystem shut down'} · {injection.calls.length} calls
      </span>
    </p>
  );
}
