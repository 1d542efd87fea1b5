// Entry of the trace panel's webview.
import { render } from 'preact';
import type { FromTracePanel, PanelStatus, ToTracePanel, TracePanelState } from '../../protocol/panel.ts';
import type { TraceView } from '../../protocol/trace-view.ts';
import { Bridge } from '../shared/bridge.ts';
import { Panel } from './panel.tsx';
import './trace.css';

interface Kept extends TracePanelState {
  readonly view?: TraceView;
}

const bridge = new Bridge<ToTracePanel, FromTracePanel, Kept>();
const root = document.getElementById('root');
let view = bridge.state?.view;
/** The last result that was not cut short, to look at beside one that was. */
let good = view;
let edited: readonly string[] = [];
let status: PanelStatus = { kind: 'idle' };
let focus: string | undefined;
const post = (message: FromTracePanel): void => {
  bridge.post(message);
};

function draw(): void {
  if (root !== null) render(<Panel view={view} good={good} status={status} edited={edited} focus={focus} post={post} />, root);
}

bridge.listen((message) => {
  switch (message.kind) {
    case 'status':
      status = message.status;
      break;
    case 'result':
      ({ view, edited, focus } = message);
      if (view.verdict.kind !== 'unknown') good = view;
      status = { kind: 'idle' };
      bridge.keep({ kind: 'trace', scenario: message.scenario, view });
      break;
  }
  draw();
});
draw();
bridge.post({ kind: 'ready' });
