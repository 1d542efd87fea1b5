// Entry of the comparison panel's webview.
import { render } from 'preact';
import type { ComparePanelState, FromComparePanel, PanelStatus, ToComparePanel } from '../../protocol/panel.ts';
import { Bridge } from '../shared/bridge.ts';
import { Panel } from './panel.tsx';
import './compare.css';

const bridge = new Bridge<ToComparePanel, FromComparePanel, ComparePanelState>();
const root = document.getElementById('root');
let view = bridge.state?.view;
let status: PanelStatus = { kind: 'idle' };
const post = (message: FromComparePanel): void => {
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
    case 'comparison':
      ({ view } = message);
      status = { kind: 'idle' };
      bridge.keep({ kind: 'compare', key: message.key, view });
      break;
  }
  draw();
});
draw();
bridge.post({ kind: 'ready' });
