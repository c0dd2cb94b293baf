// The nouns of the page. packed.py says what a film holds; the traits are those of widget/stage.py.

/** Messages of one language, by their names. */
export type Words = Record<string, string>;
/** The traits for which one chooses among the values that the film offers. */
export type Chosen = "granularity" | "speed" | "lang" | "theme" | "view" | "data" | "spotlight";
/** A text in every language. */
export type InLanguages = Record<string, string>;
/** The same in all languages, or by language. */
export type Text = string | InLanguages;
/** The name of a message and its blanks. */
export type Said = { name?: string } & Record<string, unknown>;
export type Bytes = ArrayBufferView<ArrayBuffer>;
/** By attribute of plotly and index of a series, the index of a value. */
export type Patch = Record<string, Record<string, number>>;

/** By attribute of plotly and index of a series, its value. */
export type Changes = Record<string, Record<string, any>>;

/** One stop of a walk: what the picture and the words show there. */
export interface Frame {
  step: number;
  phase: string;
  layer: number;
  unit: number;
  quantity: string;
  whole: boolean;
  to_come?: number[]; // the steps before this one that are not known yet: by vector, what its neurons have next
  name: string; // of what it computes: ∂l/∂z₃, z₁ → a₁; a pass has none
  value: string; // that, where it is one number
  patch?: Patch; // without it, the kernel sends the frame when it is to be shown
  formula: string;
  substituted: string;
  sentence: InLanguages;
  spoken: Record<string, Record<string, string>>;
  from: string[];
  to: string[];
  used?: string[];
  found?: string[];
}

/** One of the values of a control that chooses, and the name of its word. */
export type Choice = { value: unknown; word: string | null; only_said?: boolean };

/** All frames of a run of the network, and what every one of them needs. */
export interface Film {
  version: number;
  steps: number;
  base: string;
  values: string;
  frames: Frame[];
  walks: Record<string, Frame[]>;
  coming: boolean;
  captions: Record<string, string[]>;
  headings: number;
  words: Record<string, Words>;
  choices: Record<string, Choice[]>;
  controls: string[];
  views?: Record<string, { patches: Patch[] }>; // of a saved page, and what else each has of its own
  palettes: Record<string, Record<string, string>>;
  spans: [phase: string, from: number, to: number][];
  gaps: number[];
  size: { width: number; height: number };
  ring: number;
  marks: Record<string, number[][]>;
  without_bias: number[];
}

/** One frame that is newer than the film. */
export interface Fresh {
  version: number;
  granularity: string;
  place: number;
  values: string;
  film?: number; // the version of the film that it was made of, where the page made it
  more?: string; // values behind those, which the patch counts from their end
  frame: Frame;
}

/** A frame as the canvas takes it, with its colours. `key` says which it is, and of which run of the network. */
export interface Picture {
  key: string;
  theme: string;
  palette: Record<string, string>;
  base: string;
  values: any[];
  patch: Patch;
  headings: number;
  captions: string[];
  lit: Set<string> | null; // the places that the spotlight lights up; without it, there is no spotlight
}

/**
 * A series of plotly. Its `meta` says at which places it is lit up: each point's, or at any; and at the steps of which
 * pass alone. A point without x and y is not in the picture.
 */
export interface Series {
  mode: string;
  x: (number | null)[];
  y: (number | null)[];
  meta?: { at: string[]; pass?: string } | { at: "*"; pass?: undefined };
  customdata?: Point[];
  hovertext?: string[];
  text?: string[];
  marker?: Record<string, any>;
  textfont?: Record<string, any>;
  line?: Record<string, any>;
  fillcolor?: string;
}

/** Where the model stands: a walk and a place in it. */
export interface At {
  granularity: string;
  step: number; // the one that was asked for: of a larger step, any that belongs to it
  walk: Frame[];
  place: number;
}

export interface Quiz {
  is_asked?: boolean;
  is_finished?: boolean;
  is_last?: boolean;
  is_on?: boolean;
  is_over?: boolean;
  is_short?: boolean;
  is_too_coarse?: boolean;
  level?: number;
  levels?: string[];
  right?: number;
  asked?: number;
  done?: number;
  all?: number;
  hints?: number;
  asked_steps?: number[];
  asked_factors?: string[];
  symbols?: string[];
  choices?: Offer[]; // what can be chosen before numbers are asked for
  whole?: string; // the symbol of the vector or matrix that they are
  verdict?: InLanguages;
  kind?: string;
  step?: number;
  heard?: number;
  memory?: Memory;
  is_missing?: boolean; // there is no kernel, and the page has no questions
}

/** What a page needs to go on with a round, beside what it shows. */
export interface Memory {
  rounds: number;
  begun: number | null;
  passed: number;
  answered: string[];
  chosen: number[];
  tries: [question: string[], attempts: number, hints: number][];
}

/** A number that somebody typed, and half a unit of its last digit, 0 where it has fewer than two digits. */
export type Typed = { value: number; rounding: number };

/** How numbers are read: signs that stand for others, and patterns. */
export interface Reading {
  full_width: [from: string, to: string];
  raised: [from: string, to: string];
  gaps: string;
  ten: string;
  number: string;
  comma: string;
  largest_power: number;
}

/** A known mistake: its name, what it comes to, and what stands in the sentence about it. */
export type Mistake = [name: string, value: number, blanks?: Record<string, string | string[]>];
/** A number that something is computed from: as told of it alone, the step that computed it, and as told of several. */
export type ExamOperand = [alone: string, step: number | null, together?: string];

/** What can be asked for, and what an answer is compared with. */
export interface ExamItem {
  step: number;
  quantity: string;
  symbol: string;
  right: number[];
  scale?: number; // what 1 % is of; without it, of the value
  short: number;
  shown: string;
  mistakes: Mistake[];
  is_new?: boolean;
  is_of_matrix?: boolean;
  whole?: number; // to which vector or matrix it belongs, if that is asked for at once
  operands?: ExamOperand[];
  place?: string; // of a factor: that of its weight
  factor?: { z: string; w: string };
  rung: number; // the level from which on it is asked for
  kind: number;
}

/** How the frame of a question differs from the one of the film; its texts are indices. */
export type ExamFrame = { substituted: number; formula?: number; from?: string[]; to?: string[] };
/** What can be chosen, and the places of the weights that it names. */
export interface Offer {
  text: InLanguages;
  weights: string[];
}
/** What is to be chosen before numbers are asked for: of each option its text, what is said then, and its weights. */
export interface ExamChoice {
  ask: InLanguages;
  aloud: InLanguages;
  options: [text: InLanguages, said: InLanguages, weights: string[]][];
  right: number;
  formula: number;
}
/** In place of a list, what differs in it. */
export type Difference = { at: number[]; put: unknown[] };

/** Questions for a page without a kernel; answer_key.py and exam.py say what it holds. */
export interface Exam {
  rules: {
    tolerances: [veryClose: number, close: number];
    zero: number;
    infinite: number;
    digits: number;
    of_matrices: string[];
    unlikely: string[];
    most_causes: number;
    most_operands: number;
    first_operands: number;
    last_operands: number;
    most_typed: number;
    fewest_left: number;
  };
  reading: Reading;
  levels: string[];
  items: ExamItem[];
  wholes: string[]; // the symbols of vectors and matrices
  ranks: Record<string, number>;
  mistakes: Record<string, Words>;
  aloud: Record<string, { words: Words; texts: Record<string, string> }>;
  asked: Record<string, ExamFrame>;
  choices: Record<string, ExamChoice>; // by the first step of the vector
  texts: string[];
  patches: Record<string, Record<string, Record<string, Record<string, Difference | unknown>>>>;
  words: Record<string, Words>; // those of the film, and those about mistakes
}

/** What is synchronised with Python. A saved page has no more than it needs. */
export interface Traits {
  film: Bytes;
  fresh?: Bytes;
  exam?: Bytes;
  alone?: boolean; // the page never had a kernel
  step: number;
  partial: { step: number; back: number };
  granularity: string;
  speed: number;
  by_phase: boolean;
  text_size: number;
  letter_keys: boolean;
  view: string;
  lang: string;
  theme: string;
  selected: string;
  spotlight: boolean;
  panel: string;
  problem?: Said;
  notices?: Said[];
  progress?: Said;
  running?: boolean;
  data?: string;
  quiz: Quiz;
  reply?: { act: string; times: number; text?: string; level?: number; step?: number };
}

/** A model of anywidget, or what stands for it in a saved page. */
export interface Model<T = Traits> {
  get<K extends keyof T>(name: K): T[K];
  set<K extends keyof T>(name: K, value: T[K]): void;
  save_changes(): void;
  on(name: string, listener: (...about: any[]) => void): void;
  off(name: string, listener: (...about: any[]) => void): void;
  send(message: object, callbacks?: object): void;
}

/** What anywidget gives to what it renders. */
export interface Rendered<T = Traits> {
  model: Model<T>;
  el: HTMLElement;
  signal?: AbortSignal;
}

/** What anywidget asks of a widget. */
export interface Widget {
  initialize?(given: Rendered<any>): unknown;
  render(given: Rendered<any>): unknown;
}

/** The module of a widget, with its style sheet if it has one. */
export interface WidgetModule {
  default: () => Widget;
  style?: string;
}

/** What was unpacked, the same for every view. Where fresh numbers do not come, the film is behind them. */
export interface Films {
  film: Promise<Film>;
  fresh: Promise<Fresh | null>;
  /** The layers without biases, as the film says that was unpacked last. */
  bare: number[];
  isBehind: boolean;
  goBack(isBehind?: boolean): void;
  /** Show a frame that was made in the page. */
  show(fresh: Omit<Fresh, "version"> & { version?: number }): void;
}

export interface Player {
  readonly playing: boolean;
  stop(): void;
  toggle(): Promise<void>;
  enter(repaint: () => void): () => void;
}

/** Puts back what was shown. */
export type PutBack = (() => void) | null;

/** Asks the kernel, and says whether it answers. */
export interface Line {
  readonly state: "here" | "busy" | "gone";
  send(message?: object, putBack?: PutBack, heard?: () => void): void;
  hear(listener: (state: Line["state"]) => void): () => void;
}

/** What was taken hold of last, whether it still is, and what was shown there before, each with the way back to it. */
export interface Hold {
  at: string;
  slider: boolean;
  down: boolean;
  shown: [Element, () => void][];
}

/** Where the walk stood before its steps were made larger or smaller, until it moves. */
export interface Came {
  from: { partial: Traits["partial"]; step: number } | null;
}

/** Full screen, or all of the window. */
export interface Screen {
  is(): boolean;
  end(): Promise<void>;
  toggle(): Promise<void> | void;
  close(): void;
}

/** What can lie over the widget, and how it is taken away. */
export interface Cover {
  isKeys(): boolean;
  isBlank(): boolean;
  lift(): void;
}

/** The popovers of a view. `close` tells whether one was up. */
export interface Pops {
  readonly up: string;
  toggle(name: string): boolean;
  close(): boolean;
}

/** What all views of a model share. */
export interface Run {
  films: Films;
  play: Player;
  kernel: Line;
  hold: Hold;
  came: Came;
  examiner: import("./examiner.js").Examiner;
}

/** One view of a model: the stage in its box, and what it shares with the others. */
export interface View extends Run {
  model: Model;
  stage: HTMLElement;
  box: HTMLElement;
  screen: Screen;
  pops: Pops;
  /** Adds listeners for as long as the view is there. */
  hear(target: EventTarget, types: string[], handler: (event: any) => unknown, capture?: boolean): void;
  outline: import("./outline.js").Outline;
  grip: import("./grip.js").Grip;
}

/** A cell of a table: where its number belongs, and from which step on it is known. */
export type Cell = [text: Text, own: string, step: number, role: string, hint: Text];

/** A table of the run; in one column may stand what depends on the step. */
export interface Table {
  name: string;
  caption: InLanguages;
  is_titled?: boolean;
  heads: Text[];
  rows: Cell[][];
  note?: InLanguages;
  foot?: InLanguages;
  by_step?: { column: number; texts: string[][]; apart: Record<number, string[]> }; // apart: where steps before are to come
  /** The column of ∂z/∂w, each of which is asked for by its weight. */
  factors?: number;
}

/** The traits of the tables of a panel, with what its head says and offers. */
export interface Tabled {
  tables: Table[];
  head: { title?: Text; said?: Text; role?: string };
  choices: [value: string, text: Text][];
  shown: string;
}

/** A number in a grid: its place in the picture, if it has one, its name, how it is written, its step, and where the picture
 * has that of the told sample. */
export type GridNumber = [own: string, name: string, text: string, step: number, home: string];

/** Cells by the names of their numbers, with what is written along their sides; or a sign between two such grids. */
export interface Grid {
  sign?: string;
  name: string;
  shape: string;
  cells: string[][];
  rows: string[];
  cols: string[];
  met: "" | "rows" | "cols";
  is_whole: boolean;
  /** Where samples are rows or columns: which of them it is that the picture shows. */
  samples?: "rows" | "cols";
  told?: number;
  /** What of it a result is computed from: the number in the same place, its row, or its column. */
  uses?: "cells" | "rows" | "columns";
}

/** The table of a sheet: W with all that crosses it, or the wires from one vector to another. */
export interface SheetTable {
  kind: "crossing" | "wires";
  caption: InLanguages;
  name: string;
  shape: string;
  size: "named" | "written" | "cells";
  along: "rows" | "columns" | "cells" | "biases";
  cells: string[][];
  above: string[][];
  beside: string[][];
  shares?: number[][];
  window?: InLanguages;
  rows: string[][];
  sign: string;
  crossed: boolean;
}

/** What the panel of the matrices shows at the steps that compute one quantity of one layer. */
export interface Sheet {
  table: SheetTable;
  equation: Grid[];
  size: "named" | "written" | "cells";
  code: string;
  claim: InLanguages;
  reason: InLanguages;
  rule?: InLanguages;
  hint?: InLanguages;
  slope?: InLanguages;
  all?: SheetOfAll;
}

/** The same of all samples, each in a row. */
export interface SheetOfAll {
  equation: Grid[];
  size: "written" | "cells";
  form: number; // which of the forms of the run it is, or −1
  code: string;
  claim: InLanguages;
  rule?: InLanguages;
  hint?: InLanguages;
}

/** All sheets of a run; of several samples with the choice between one and all of them. */
export interface Sheets {
  numbers: Record<string, GridNumber>;
  sheets: Record<string, Sheet>;
  words: Record<string, InLanguages>;
  choices?: [value: string, text: Text][];
  rows?: Record<string, InLanguages>;
  forms?: [one: string, all: string][];
  sample?: number;
  samples?: number;
}

/** The traits of the matrices; one sample or all can be shown. */
export interface Laid {
  sheets: Bytes;
  shown: string;
}

/** A line of a program in pieces, every second of which is a name; and by layer the step with which it is reached. */
export interface ProgramLine {
  depth: number;
  pieces: string[];
  comment: string;
  loop: number; // the line that it stands in, or −1
  layers: [layer: number, step: number][];
  begins: number; // the step with which it is reached first
  order?: InLanguages; // why its factors stand in another order than in the formula of a number
}

/** What stands in a line: a number, or an array by the keys of its numbers, in rows where these are shown. */
export interface CodeName {
  symbol: string;
  plain: string; // the same in a line
  token: string;
  role: string;
  text?: string;
  shape?: string;
  cells?: string[][];
}

/** A quantity of a layer: its line in each library, what stands there of whole layers, and what the line computes. */
export interface CodeBlock {
  at: Record<string, number>;
  now: string[];
  told: string;
  called: string;
}

/** The program of a run; panels/code.py and page/program.py say what it holds. */
export interface Program {
  note?: InLanguages;
  libraries: Record<string, { before: string; folded: InLanguages; lines: ProgramLine[]; text: string }>;
  steps: [key: string, text: string][];
  blocks: Record<string, CodeBlock>;
  now: string[][];
  scalars: Record<string, CodeName>;
  vectors: Record<string, CodeName>;
  rows: { block: string; symbol: string; token: string; step: number }[];
  files: Record<string, { py: string; ipynb: InLanguages }>;
  said: Record<string, InLanguages>;
}

/** What PyTorch finds, row by row, or why there is nothing. */
export interface TorchFound {
  values?: { value: string; same: boolean }[];
  state?: string;
  why?: string;
}

/** The traits of a program. */
export interface Programmed {
  program: Bytes;
  shown: string;
  found: TorchFound;
}

export interface Signal<T> {
  send(detail: T): void;
  hear(listener: (detail: T) => unknown): () => void;
}

/** A chosen cell of a table: its place and step, and what puts the focus into it again. */
export type ChosenCell = { place?: string; step: number; back(): void };

/** What the parts of a widget tell each other. */
export interface Signals {
  pointed: Signal<string>;
  marked: Signal<string>;
  chosen: Signal<ChosenCell>;
  failed: Signal<{ part: string; error: string | null }>;
}

/** What a point of the picture stands for: the place to choose, the one to light up, and the steps that computed it. */
export type Point = [key?: string, place?: string, ...steps: number[]];

/** A point of the picture: where it is, how large, and what is told of it. */
export interface Shown {
  point: Point;
  x: number; // of its middle
  y: number;
  half: number; // of the width of a text
  radius: number; // and half the height of that
  said: string;
}

export interface PlotDiv extends HTMLElement {
  data: Series[];
  layout: { width: number; height: number; hoverdistance: number };
}

/** The layout of a chart; `meta` is there where the chart fills its place, and has the words around it. */
export interface ChartLayout {
  width: number;
  height: number;
  margin: { l: number; r: number; t: number; b: number };
  annotations: { text: string; yshift?: number }[];
  meta?: {
    head: [strong: string, rest: string];
    keys: { mark: string; text: string; short: string }[];
    point: [across: number, up: number] | null;
  };
}

/** What is used of plotly.js. */
export interface Plotly {
  newPlot(div: HTMLElement, data: object[], layout: object, options: object): Promise<unknown>;
  react(div: HTMLElement, data: object[], layout: object, options: object): Promise<unknown>;
  purge(div: HTMLElement): void;
}

type Settled = { resolve(plotly: Plotly): void; reject(error: unknown): void };

declare global {
  var bppvizModules: Record<string, Promise<WidgetModule["default"]>> | undefined;
  var bppvizPlotly: (Promise<Plotly> & Settled) | undefined;
  interface Element {
    bppvizSignals?: Signals;
    noUiSlider?: { get(): unknown; set(value: unknown): void; options: { range: { min: number; max: number } } };
  }
}
