// The ruler: one storage interval, read downwards from page frame to address; every scale is aligned on the failed page.
import type { Ruler as RulerData, RulerTrack, ViewPlace } from '../../protocol/trace-view.ts';

/** The window is this many pages wide; the interval starts at the left edge of `centre`. */
const windowPages = 9;
const centre = 4;
const percent = (pages: number): string => `${((pages / windowPages) * 100).toFixed(3)}%`;

/** Reads a formatted position; undefined for anything that is no number. */
function toNumber(text: string): bigint | undefined {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? BigInt(text) : undefined;
}

function neighbour(track: RulerTrack, cell: number): string | undefined {
  const from = toNumber(track.from);
  if (from === undefined) return undefined;
  const aligned = from - (track.perPage > 1 ? from % BigInt(track.perPage) : 0n);
  const value = aligned + BigInt(cell - centre) * BigInt(track.perPage);
  if (value < 0n) return undefined;
  return track.from.startsWith('0x') ? `0x${value.toString(16)}` : value.toString();
}

/** Share of a page by which the interval starts inside its page. */
function insidePage(track: RulerTrack): number {
  const from = toNumber(track.from);
  return from === undefined || track.perPage === 1 ? 0 : Number(from % BigInt(track.perPage)) / track.perPage;
}

function Record({ track }: { readonly track: RulerTrack }) {
  const from = toNumber(track.from);
  const first = toNumber(track.within?.from ?? '');
  const last = toNumber(track.within?.to ?? '');
  if (from === undefined || first === undefined || last === undefined) return null;
  const clip = (pages: number): number => Math.max(0, Math.min(windowPages, pages));
  const left = clip(centre + Number(first - from));
  const right = clip(centre + Number(last + 1n - from));
  return <rect class="record" x={percent(left)} y="17" width={percent(right - left)} height="4" />;
}

/** Cells whose labels are shown beside the failed one; the others only have their tick. Long numbers need room. */
function labelled({ from }: RulerTrack): readonly number[] {
  if (from.length > 9) return [0, 7];
  return from.length > 4 ? [0, 2, 6, 8] : [0, 1, 2, 3, 5, 6, 7, 8];
}

function Scale({ track }: { readonly track: RulerTrack }) {
  const start = centre + insidePage(track);
  const width = Math.max(0.04, Math.min(track.pages, windowPages - start));
  const small = track.perPage === 8 ? 8 : 1;
  const cells = Array.from({ length: windowPages + 1 }, (_, i) => i);
  return (
    <svg class="scale" height="26" width="100%" aria-hidden="true" focusable="false">
      {cells.map((cell) => (
        <line key={cell} class="tick" x1={percent(cell)} x2={percent(cell)} y1="13" y2="21" />
      ))}
      {small > 1
        ? cells
            .slice(0, -1)
            .flatMap((cell) =>
              Array.from({ length: small - 1 }, (_, i) => (
                <line
                  key={`${cell}.${i}`}
                  class="tick"
                  x1={percent(cell + (i + 1) / small)}
                  x2={percent(cell + (i + 1) / small)}
                  y1="18"
                  y2="21"
                />
              )),
            )
        : null}
      <line class="base" x1="0" x2="100%" y1="21" y2="21" />
      <Record track={track} />
      <rect
        class={track.mismatch === undefined ? 'interval' : 'interval mismatch'}
        x={percent(start)}
        y="11"
        width={percent(width)}
        height="10"
      />
      {labelled(track).map((cell) => {
        const text = neighbour(track, cell);
        const far = Math.abs(cell - centre) > 2;
        return text === undefined ? null : (
          <text key={cell} class={far ? 'label far' : 'label'} x={percent(cell)} y="9">
            {text}
          </text>
        );
      })}
      <text class="label here" x={percent(start)} y="9">
        {track.from}
      </text>
    </svg>
  );
}

function spoken(track: RulerTrack): string {
  const parts = [track.title, `${track.from} ${track.unit}`];
  if (track.length !== undefined) parts.push(track.length);
  if (track.step !== undefined) parts.push(`from ${track.step}`);
  if (track.mismatch !== undefined) parts.push(`mismatch: ${track.mismatch}`);
  return parts.join(', ');
}

interface TrackProps {
  readonly track: RulerTrack;
  readonly open: (at: ViewPlace) => void;
}

function Track({ track, open }: TrackProps) {
  const { at } = track;
  return (
    <li class="track" aria-label={spoken(track)}>
      <span class="step">{track.step ?? ''}</span>
      <span class="title">{track.title}</span>
      <Scale track={track} />
      <span class="extent">
        {track.length}
        {track.owner === undefined ? null : <span class="unit"> {track.owner}</span>}
        {track.mismatch === undefined ? null : <span class="mismatch"> {track.mismatch}</span>}
        <span class="step-below" title={track.step}>
          {track.step}
        </span>
      </span>
      <button
        type="button"
        class="place"
        disabled={at === undefined}
        title={at === undefined ? '' : `Open ${at.path}:${at.line}`}
        onClick={() => at !== undefined && open(at)}
      >
        {track.source}
      </button>
    </li>
  );
}

/** Pages and addresses of one owner shown at once; an unbind signals each page of each mapping. */
const shownTracks = 4;
/** Owners shown at once; a widely reflinked block can have hundreds. */
const shownOwners = 6;

export function Ruler({ ruler, open }: { readonly ruler: RulerData; readonly open: (at: ViewPlace) => void }) {
  if (ruler.shared.length === 0) return null;
  const more = ruler.owners.length - shownOwners;
  return (
    <section class="ruler" aria-label="Ruler from device to process">
      <ol class="tracks">
        {ruler.shared.map((track, i) => (
          <Track key={i} track={track} open={open} />
        ))}
      </ol>
      {ruler.owners.slice(0, shownOwners).map((owner, i) => (
        <ol class="tracks owner-branch" aria-label={owner.title} key={i}>
          {owner.tracks.slice(0, shownTracks).map((track, j) => (
            <Track key={j} track={track} open={open} />
          ))}
          {owner.tracks.length > shownTracks ? (
            <li class="more note">and {owner.tracks.length - shownTracks} more, all in the table of signals</li>
          ) : null}
        </ol>
      ))}
      {more > 0 ? <p class="note">and {more} more owners; see the call tree</p> : null}
    </section>
  );
}
