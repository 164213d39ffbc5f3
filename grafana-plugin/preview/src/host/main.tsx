import 'uplot/dist/uPlot.min.css';
import './host.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { start } from './start.ts';

const root = createRoot(document.getElementById('root')!);
start().then(
  (theme) => root.render(<App theme={theme} />),
  (error: unknown) => root.render(<pre role="alert">The preview could not start: {String(error)}</pre>),
);
