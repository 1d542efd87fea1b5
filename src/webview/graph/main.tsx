// Entry of the call graph panel's webview.
import { render } from 'preact';
import type { FromGraphPanel, GraphPanelState, PanelStatus, ToGraphPanel } from '../../protocol/panel.ts';
import type { GraphView } from '../../protocol/graph-view.ts';
import { Bridge } from '../shared/bridge.ts';
import { Panel } from './panel.tsx';
import './graph.css';

const bridge = new Bridge<ToGraphPanel, FromGraphPanel, GraphPanelState>();
const root = document.getElementById('root');
let view: GraphView | undefined;
let status: PanelStatus = { kind: 'idle' };
const post = (message: FromGraphPanel): void => {
  bridge.post(message);
};

function draw(): void {
  if (root !== null) render(<Panel view={view} status={status} post={post} />, root);
}

bridge.listen((message) => {
  switch (message.kind) {
    case 'status':
      status = message.status;
      break;
    case 'graph':
      ({ view } = message);
      status = { kind: 'idle' };
      bridge.keep({ kind: 'graph', name: view.root, depth: view.depth, callers: view.callers, all: view.all });
      break;
  }
  draw();
});
draw();
bridge.post({ kind: 'ready' });
