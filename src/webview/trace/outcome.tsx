// What came of an injection: result, signals, shutdowns, faults, processes, log, and which parts were intrinsic.
import type { TraceView, ViewInjection, ViewPlace } from '../../protocol/trace-view.ts';
import { PlaceLink } from '../shared/place-link.tsx';

type Open = (at: ViewPlace) => void;

function Signals({ injection }: { readonly injection: ViewInjection }) {
  if (injection.signals.length === 0) return <p class="note">Nobody was signalled.</p>;
  return (
    <table class="signals">
      <thead>
        <tr>
          <th scope="col">who</th>
          <th scope="col">how</th>
          <th scope="col">si_addr</th>
          <th scope="col">lsb</th>
        </tr>
      </thead>
      <tbody>
        {injection.signals.map((signal, i) => (
          <tr key={i}>
            <th scope="row" class="number">
              {signal.process}
            </th>
            <td class="number">
              {signal.signal}
              <span class="unit">{signal.code}</span>
            </td>
            <td class="number">
              {signal.address}
              <span class="unit">{signal.offset ?? 'in no mapping'}</span>
            </td>
            <td class="number">
              {signal.lsb}
              <span class="unit">{signal.radius}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Faults({ injection, open }: { readonly injection: ViewInjection; readonly open: Open }) {
  if (injection.faults.length === 0) return null;
  return (
    <section>
      <h2>{injection.faults.some((fault) => fault.kind === 'fault') ? 'Faults' : 'Limits'}</h2>
      {injection.faults.map((fault, i) => (
        <div class={`fault ${fault.kind}`} key={i}>
          <p>
            {fault.text} {fault.at === undefined ? null : <PlaceLink at={fault.at} open={open} />}
          </p>
          {fault.chain.length === 0 ? null : (
            <ol class="chain">
              {fault.chain.map((line, j) => (
                <li key={j}>{line}</li>
              ))}
            </ol>
          )}
        </div>
      ))}
    </section>
  );
}

function World({ view }: { readonly view: TraceView }) {
  return (
    <section>
      <h2>Afterwards</h2>
      <ul class="world">
        {view.processes.map((process) => (
          <li key={process.label}>
            <span class="who">{process.label}</span> {process.state}
            <span class="unit">
              {process.signals === 0 ? ', no signal' : process.signals === 1 ? ', 1 signal' : `, ${process.signals} signals`}
            </span>
          </li>
        ))}
        {view.filesystems.map((filesystem) => (
          <li key={filesystem.device}>
            <span class="who">{filesystem.device}</span> {filesystem.shutdown ? <strong>shut down</strong> : 'in service'}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Intrinsics({ view }: { readonly view: TraceView }) {
  if (view.intrinsics.length === 0) return null;
  return (
    <details>
      <summary>
        {view.intrinsics.length} {view.intrinsics.length === 1 ? 'function' : 'functions'} not interpreted
      </summary>
      <table>
        <tbody>
          {view.intrinsics.map((intrinsic) => (
            <tr key={intrinsic.name}>
              <th scope="row">{intrinsic.name}</th>
              <td>{intrinsic.fidelity}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** The side column. */
export function Outcome({ view, injection, open }: { readonly view: TraceView; readonly injection: ViewInjection; readonly open: Open }) {
  return (
    <>
      <section>
        <h2>Signals</h2>
        <Signals injection={injection} />
      </section>
      {injection.shutdowns.length === 0 ? null : (
        <section>
          <h2>Shutdowns</h2>
          <ul class="world">
            {injection.shutdowns.map((shutdown, i) => (
              <li key={i}>
                <span class="who">{shutdown.device}</span> {shutdown.flags}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Faults injection={injection} open={open} />
      <World view={view} />
      {injection.log.length === 0 ? null : (
        <section>
          <h2>Kernel log</h2>
          <pre class="log" tabIndex={0} aria-label="Kernel log">
            {injection.log.join('\n')}
          </pre>
        </section>
      )}
      <Intrinsics view={view} />
    </>
  );
}
