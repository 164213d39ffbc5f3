import 'uplot/dist/uPlot.min.css';
import './host.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { fetchPage } from './routes.ts';
import { start } from './start.ts';

fetchPage(window.location.pathname);
const root = createRoot(document.getElementById('root')!);
start().then(
  (theme) => root.render(<App theme={theme} />),
  (error: unknown) => root.render(<pre role="alert">The preview could not start: {String(error)}</pre>),
);
