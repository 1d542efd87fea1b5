// A place in the user's source that opens on click or Enter.
import type { ViewPlace } from '../../protocol/trace-view.ts';

export function PlaceLink({ at, open }: { readonly at: ViewPlace; readonly open: (at: ViewPlace) => void }) {
  const text = `${at.path}:${at.line}`;
  return (
    <button type="button" class="place" title={`Open ${text}`} onClick={() => open(at)}>
      {text}
    </button>
  );
}
