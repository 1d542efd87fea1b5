// One line of the call tree: guides, name, the arguments that carry a unit, the result, the place.
import type { ViewArgument, ViewCall } from '../../protocol/trace-view.ts';

export interface CallRowProps {
  readonly call: ViewCall;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  /** undefined: nothing below it. */
  readonly expanded: boolean | undefined;
  readonly onSelect: (index: number) => void;
  readonly onToggle: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

/** `pfn=0x4001d pfn` says it twice. */
const isSaidByName = ({ name, unit }: ViewArgument): boolean => unit === undefined || unit === 'flags' || name.endsWith(unit);

/** An enumerator says more than its number; a row has no room for the names of flags. */
const shownValue = ({ unit, constant, value }: ViewArgument): string => (unit === 'flags' ? value : (constant ?? value));

function Argument({ argument }: { readonly argument: ViewArgument }) {
  return (
    <span class="argument">
      <span class="name">{argument.name}</span>=<span class="value">{shownValue(argument)}</span>
      {isSaidByName(argument) ? null : <span class="unit"> {argument.unit}</span>}
    </span>
  );
}

/** Arguments worth a place on the line: those with a unit or a name in the tree; the details show the rest. */
const onTheLine = (call: ViewCall): readonly ViewArgument[] =>
  call.arguments.filter(({ unit, constant }) => unit !== undefined || constant !== undefined);

export function CallRow({ call, index, top, active, expanded, onSelect, onToggle, onOpen }: CallRowProps) {
  const classes = ['call', call.kind, active ? 'active' : '', call.ended === undefined ? '' : 'ended'].join(' ');
  return (
    <div
      id={`call-${index}`}
      role="treeitem"
      aria-level={call.depth + 1}
      aria-selected={active}
      aria-expanded={expanded}
      class={classes}
      style={{ transform: `translateY(${top}px)`, '--depth': call.depth }}
      onClick={() => onSelect(index)}
      onDblClick={() => onOpen(index)}
    >
      <span class="guides" aria-hidden="true" />
      <span
        class={expanded === undefined ? 'twistie none' : expanded ? 'twistie open' : 'twistie'}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          if (expanded !== undefined) onToggle(index);
        }}
      />
      <span class="text">
        <span class="function">{call.name}</span>
        <span class="list">
          (
          {onTheLine(call).map((argument, i) => (
            <span key={argument.name}>
              {i > 0 ? ', ' : ''}
              <Argument argument={argument} />
            </span>
          ))}
          )
        </span>
        {call.returns === undefined ? null : (
          <span class={call.errno === undefined ? 'result' : 'result failed'}> = {call.errno ?? call.returns}</span>
        )}
      </span>
      {call.ended === undefined ? null : <span class="mark end">{call.ended === 'fault' ? 'ended here: fault' : 'ended here: limit'}</span>}
      {call.kind === 'intrinsic' ? <span class="mark">intrinsic</span> : null}
      {call.at === undefined ? null : (
        <span
          class="at"
          title={`Open ${call.at.path}:${call.at.line}`}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(index);
          }}
        >
          <span class="folder">{call.at.path.slice(0, call.at.path.lastIndexOf('/') + 1)}</span>
          {call.at.path.slice(call.at.path.lastIndexOf('/') + 1)}:{call.at.line}
        </span>
      )}
    </div>
  );
}
