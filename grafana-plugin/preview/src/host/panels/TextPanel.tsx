import { type PanelProps, renderMarkdown } from '@grafana/data';

interface TextOptions {
  mode: 'markdown' | 'html';
  content: string;
}

/** A panel of text, as Markdown or HTML without scripts. */
export function TextPanel({ options, replaceVariables }: PanelProps<TextOptions>) {
  // HTML is valid Markdown; rendering removes what could run.
  const html = renderMarkdown(replaceVariables(options.content));
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized by renderMarkdown
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />;
}
