// A place in the user's source that opens on click or Enter.
import type { ViewPlace } from '../../protocol/trace-view.ts';

export interface PlaceLinkProps {
  readonly at: ViewPlace;
  readonly open: (at: ViewPlace) => void;
  /** Without the folder; the tip has it. */
  readonly short?: boolean;
}

export function PlaceLink({ at, open, short = false }: PlaceLinkProps) {
  const text = `${at.path}:${at.line}`;
  return (
    <button type="button" class="place" title={`Open ${text}`} onClick={() => open(at)}>
      {short ? text.slice(at.path.lastIndexOf('/') + 1) : text}
    </button>
  );
}
