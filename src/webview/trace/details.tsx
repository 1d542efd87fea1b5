// The selected call in full: all arguments with their units, the result, the way to its source.
import type { ViewCall, ViewPlace } from '../../protocol/trace-view.ts';
import { PlaceLink } from '../shared/place-link.tsx';

export function Details({ call, open }: { readonly call: ViewCall | undefined; readonly open: (at: ViewPlace) => void }) {
  if (call === undefined) return null;
  return (
    <section class="details" aria-label="Selected call">
      <h2>
        <code>{call.name}</code>
        {call.at === undefined ? null : <PlaceLink at={call.at} open={open} />}
      </h2>
      <table>
        <tbody>
          {call.arguments.map((argument) => (
            <tr key={argument.name}>
              <th scope="row">{argument.name}</th>
              <td class="number">{argument.value}</td>
              <td class="unit">{argument.constant ?? argument.unit ?? ''}</td>
            </tr>
          ))}
          {call.returns === undefined ? null : (
            <tr class="returns">
              <th scope="row">returns</th>
              <td class="number">{call.returns}</td>
              <td class="unit">{call.errno ?? ''}</td>
            </tr>
          )}
        </tbody>
      </table>
      {call.arguments.length === 0 && call.returns === undefined ? <p class="note">No arguments, no result.</p> : null}
    </section>
  );
}
