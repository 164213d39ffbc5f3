import type { Monaco, monacoTypes } from '@grafana/ui';
import { TYPE_WORDS } from './clauses';
import { type CompletionSources, completeCode } from './completeCode';
import type { CodeFault } from './parseCode';
import { placeOf } from './placeOf';
import { KEYWORDS } from './tokens';

/** Grafana's code editor knows the language by this name. */
export const LANGUAGE = 'storepulse';

/** A fault that is underlined. */
export interface Marker extends CodeFault {
  severity: 'error' | 'warning';
}

/** The name of a query's type, where its text begins. */
const TYPE_WORD = new RegExp(`^(?:${TYPE_WORDS.join('|')})(?=[\\s(]|$)`);

/** Tells the code editor the language's words, once for all editors of a page. */
export function registerLanguage(monaco: Monaco): void {
  if (monaco.languages.getLanguages().some(({ id }) => id === LANGUAGE)) {
    return;
  }
  monaco.languages.register({ id: LANGUAGE });
  monaco.languages.setLanguageConfiguration(LANGUAGE, {
    brackets: [['(', ')']],
    autoClosingPairs: [
      { open: '(', close: ')' },
      { open: '"', close: '"' },
    ],
    wordPattern: /[^\s"(),=!]+/,
  });
  monaco.languages.setMonarchTokensProvider(LANGUAGE, {
    ignoreCase: true,
    keywords: [...KEYWORDS],
    tokenizer: {
      root: [
        [TYPE_WORD, 'keyword'],
        [/"(?:[^"\\]|\\.)*"/, 'string'],
        [/\$\w+|\$\{[^}]*\}|\[\[[^\]]*\]\]/, 'variable'],
        [/!=|[(),=]/, 'delimiter'],
        [/\d+(?=[\s)]|$)/, 'number'],
        [/[^\s"(),=!$]+/, { cases: { '@keywords': 'keyword', '@default': 'identifier' } }],
      ],
    },
  });
}

/** Offers completions in one editor. @param sources asked at each completion */
export function registerCompletion(
  monaco: Monaco,
  model: monacoTypes.editor.ITextModel,
  sources: () => CompletionSources,
): monacoTypes.IDisposable {
  return monaco.languages.registerCompletionItemProvider(LANGUAGE, {
    triggerCharacters: [' ', '"', '(', ',', '=', '$'],
    async provideCompletionItems(asked, position) {
      if (asked.id !== model.id) {
        return undefined;
      }
      const { from, to, items } = await completeCode(
        asked.getValue(),
        asked.getOffsetAt(position),
        sources(),
      );
      const [start, end] = [asked.getPositionAt(from), asked.getPositionAt(to)];
      const range = {
        startLineNumber: start.lineNumber,
        startColumn: start.column,
        endLineNumber: end.lineNumber,
        endColumn: end.column,
      };
      const replaced = asked.getValueInRange(range);
      return {
        suggestions: items.map(({ label, insert, detail, documentation }, place) => ({
          label,
          insertText: insert,
          detail,
          ...(documentation ? { documentation } : {}),
          kind: monaco.languages.CompletionItemKind.Value,
          range,
          // What begins with a quote is to be found by what is typed after it.
          filterText: replaced.startsWith('"') ? `"${label}` : label,
          sortText: String(place).padStart(4, '0'),
        })),
      };
    },
  });
}

/** Underlines what is wrong. */
export function showMarkers(
  monaco: Monaco,
  model: monacoTypes.editor.ITextModel,
  markers: readonly Marker[],
): void {
  const text = model.getValue();
  monaco.editor.setModelMarkers(
    model,
    LANGUAGE,
    markers.map(({ message, from, to, severity }) => {
      const [start, end] = [placeOf(text, from), placeOf(text, Math.max(to, from + 1))];
      return {
        message,
        severity: severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
        startLineNumber: start.line,
        startColumn: start.column,
        endLineNumber: end.line,
        endColumn: end.column,
      };
    }),
  );
}
