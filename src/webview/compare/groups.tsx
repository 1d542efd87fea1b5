// The table of a comparison: groups of rows, a column per side.
import type { CompareCell, CompareGroup, CompareSideView } from '../../protocol/compare-view.ts';

export interface GroupsProps {
  /** Name of the table for screen readers. */
  readonly caption: string;
  readonly sides: readonly CompareSideView[];
  readonly groups: readonly CompareGroup[];
  readonly onlyDifferences: boolean;
}

/** Shape and word carry the meaning; colour only repeats it. */
function Mark({ mark }: { readonly mark: CompareCell['mark'] }) {
  if (mark === undefined) return null;
  return (
    <svg width="10" height="10" viewBox="0 0 14 14" role="img" aria-label={mark === 'bad' ? 'wrong' : 'not known'}>
      {mark === 'bad' ? <path d="M3 3l8 8M11 3l-8 8" /> : <path d="M4.5 5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.8M7 11.2v.3" />}
    </svg>
  );
}

function Cell({ cell, isNumber }: { readonly cell: CompareCell; readonly isNumber: boolean }) {
  const classes = [isNumber ? 'count' : 'who', cell.mark ?? '', cell.text === 'none' ? 'none' : ''].join(' ');
  return (
    <td class={classes}>
      <Mark mark={cell.mark} /> {cell.text}
      {cell.note === undefined ? null : <span class="unit">{cell.note}</span>}
    </td>
  );
}

export function Groups({ caption, sides, groups, onlyDifferences }: GroupsProps) {
  const shown = groups
    .map((group) => ({ ...group, rows: group.rows.filter((row) => row.differs || !onlyDifferences) }))
    .filter((group) => group.rows.length > 0);
  if (shown.length === 0) return <p class="note">Nothing differs.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="comparison" aria-label={caption}>
        <thead>
          <tr>
            <td />
            {sides.map(({ label, title }) => (
              <th key={label} scope="col" title={title}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        {shown.map((group) => (
          <tbody key={group.title}>
            <tr class="group">
              <th scope="rowgroup" colSpan={sides.length + 1}>
                {group.title}
              </th>
            </tr>
            {group.rows.map((row) => (
              <tr key={row.name} class={row.differs ? 'differs' : ''}>
                <th scope="row" title={row.meaning}>
                  <span class="differ" role="img" aria-label={row.differs ? 'differs' : undefined} aria-hidden={!row.differs}>
                    {row.differs ? '≠' : ''}
                  </span>
                  {row.name}
                </th>
                {row.cells.map((cell, i) => (
                  <Cell key={i} cell={cell} isNumber={row.isNumber} />
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
