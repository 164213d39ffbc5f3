import {
  type FieldConfigEditorBuilder,
  identityOverrideProcessor,
  type PanelOptionsEditorBuilder,
} from '@grafana/data';

/** Options by path, each with its default. */
export type OptionDefaults = Readonly<Record<string, unknown>>;

/** Editors are never drawn here, but options are declared with one. */
const NoEditor = () => null;

/** Declares a panel's options; what a dashboard leaves out takes the default. */
export const declareOptions = (defaults: OptionDefaults) => (builder: PanelOptionsEditorBuilder<object>) => {
  for (const [path, defaultValue] of Object.entries(defaults)) {
    builder.addCustomEditor({ id: path, path, name: path, editor: NoEditor, defaultValue });
  }
};

/** Declares the options that fields have in one kind of panel; undeclared ones would be dropped from dashboards. */
export const declareFieldOptions = (defaults: OptionDefaults) => ({
  useCustomConfig: (builder: FieldConfigEditorBuilder<object>) => {
    for (const [path, defaultValue] of Object.entries(defaults)) {
      builder.addCustomEditor({
        id: path,
        path,
        name: path,
        editor: NoEditor,
        override: NoEditor,
        process: identityOverrideProcessor,
        shouldApply: () => true,
        defaultValue,
      });
    }
  },
});
