import { Alert, Button, CodeEditor, Stack } from '@grafana/ui';
import { migrateQuery } from '@storepulse/contracts/grafana/migrate-query';
import { useEffect, useRef, useState } from 'react';
import type { Catalog } from '../api/catalog';
import { applyCode } from '../code/applyCode';
import type { CompletionSources } from '../code/completeCode';
import { LANGUAGE, registerLanguage, showMarkers } from '../code/language';
import { printCode } from '../code/printCode';
import { readCode } from '../code/readCode';
import type { StorepulseQuery } from '../types';
import { useCompletingEditor } from './useCompletingEditor';

interface Props {
  query: StorepulseQuery;
  catalog: Catalog | undefined;
  /** References to dashboard variables. */
  variables: string[];
  /** Values of a dimension, in the query's shop and range. */
  listValues: CompletionSources['listValues'];
  /** Called with the query of a text that can be read, once the editor is left or the text is saved. */
  onChange: (query: StorepulseQuery) => void;
  /** Told whether there is a text that can't be read, which would be lost with the editor. */
  onBroken: (isBroken: boolean) => void;
}

/** A query as a text, with completion. While a text can't be read, the query stays as it was. */
export function CodeField({ query, catalog, variables, listValues, onChange, onBroken }: Props) {
  const printed = printCode(migrateQuery(query));
  // What is typed holds as long as the query is the one that it was typed over.
  const [draft, setDraft] = useState({ text: printed, over: printed });
  const text = draft.over === printed ? draft.text : printed;
  const read = readCode(text, catalog);
  const isBroken = read.query === undefined;
  const { mounted, mount } = useCompletingEditor({ catalog, variables, listValues });
  // The editor keeps the handlers that it was mounted with.
  const now = useRef(printed);
  useEffect(() => {
    now.current = printed;
  }, [printed]);

  const apply = (typed: string) => {
    const { query: code } = readCode(typed, catalog);
    if (code && printCode(code) !== printed) {
      setDraft({ text: typed, over: printCode(code) });
      onChange(applyCode(query, code));
    }
  };
  useEffect(() => onBroken(isBroken), [isBroken, onBroken]);
  useEffect(() => () => onBroken(false), [onBroken]);
  useEffect(() => {
    const model = mounted?.editor.getModel();
    if (mounted && model) {
      showMarkers(mounted.monaco, model, readCode(text, catalog).markers);
    }
  }, [mounted, text, catalog]);

  return (
    <Stack direction="column" gap={1}>
      <CodeEditor
        language={LANGUAGE}
        value={text}
        height={80}
        wordWrap
        showLineNumbers={false}
        showMiniMap={false}
        monacoOptions={{ ariaLabel: 'Query as text', scrollBeyondLastLine: false }}
        onBeforeEditorMount={registerLanguage}
        onEditorDidMount={mount}
        onChange={(typed) => setDraft({ text: typed, over: now.current })}
        onBlur={apply}
        onSave={apply}
      />
      {read.remarks.length > 0 && (
        <Alert
          severity={isBroken ? 'error' : 'warning'}
          title={isBroken ? 'This text can’t be read, and the query stays as it was' : 'Not in the catalogue'}
        >
          {read.remarks.map((remark) => (
            <div key={remark}>{remark}</div>
          ))}
          {isBroken && (
            <Button variant="secondary" size="sm" onClick={() => setDraft({ text: printed, over: printed })}>
              Discard the text
            </Button>
          )}
        </Alert>
      )}
    </Stack>
  );
}
