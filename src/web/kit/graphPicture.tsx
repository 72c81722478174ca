// A graph as a picture that can be clicked: every tensor a box, in columns by how much must be computed before it. It is drawn from what
// `describe` says (engine/graph/describe), line by line, so it shows what will run and where it lies in memory.

import { useMemo, useState } from 'preact/hooks';

interface Node {
  readonly id: number;
  /** What the tensor is: its op, name and shape. */
  readonly title: string;
  readonly inputs: readonly number[];
  /** Kernels and memory, as described. */
  readonly rest: readonly string[];
  readonly column: number;
  readonly row: number;
}

const STEP = { x: 104, y: 24 };
const BOX = { width: 82, height: 18 };
/** Letters of a name that a box has room for. */
const LETTERS = 13;

/** The nodes of a description, placed. */
export function nodesOf(text: string): Node[] {
  const nodes: Node[] = [];
  const filled: number[] = [];
  for (const line of text.split('\n')) {
    const [head, ...parts] = line.split(' | ');
    const match = /^%(\d+) (.*)$/.exec(head);
    if (match === null) continue;
    const inputs = /^(%\d+ ?)+$/.test(parts[0] ?? '')
      ? (parts.shift() ?? '').split(' ').map((each) => Number(each.slice(1)))
      : [];
    const column = inputs.reduce((most, input) => Math.max(most, (nodes[input]?.column ?? 0) + 1), 0);
    const row = filled[column] ?? 0;
    filled[column] = row + 1;
    nodes[Number(match[1])] = { id: Number(match[1]), title: match[2], inputs, rest: parts, column, row };
  }
  return nodes;
}

const kindOf = (title: string): string => {
  const op = title.split(' ')[0];
  if (op === 'variable' || op === 'constant') return op;
  return /^(adam|append|increment|assign|sgd)/.test(op) ? 'update' : 'operation';
};

/** What a tensor is called, or its op. */
const nameOf = (title: string): string => {
  const [op, name] = title.split(' [')[0].split(' ');
  const text = name ?? op;
  return text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text;
};

export function GraphPicture({ text, label }: { readonly text: string; readonly label: string }) {
  const nodes = useMemo(() => nodesOf(text), [text]);
  const [chosen, setChosen] = useState<number | null>(null);
  const at = chosen === null ? undefined : nodes[chosen];
  const readers = at === undefined ? [] : nodes.filter(({ inputs }) => inputs.includes(at.id));
  const width = STEP.x * (1 + Math.max(0, ...nodes.map(({ column }) => column)));
  const height = STEP.y * (1 + Math.max(0, ...nodes.map(({ row }) => row)));
  const x = ({ column }: Node) => column * STEP.x + 4;
  const y = ({ row }: Node) => row * STEP.y + 4;
  const choose = ({ target }: MouseEvent): void => {
    if (target instanceof SVGElement && target.dataset.tensor !== undefined) setChosen(Number(target.dataset.tensor));
  };
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setChosen(chosen === null ? 0 : Math.max(0, Math.min(nodes.length - 1, chosen + by)));
  };
  const near = new Set([...(at?.inputs ?? []), ...readers.map(({ id }) => id)]);
  return (
    <div class="graph">
      <label>
        Tensor{' '}
        <select
          value={chosen ?? ''}
          onChange={(event) => setChosen(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}
        >
          <option value="">choose one, or click it</option>
          {nodes.map(({ id, title }) => (
            <option key={id} value={id}>
              %{id} {title}
            </option>
          ))}
        </select>
      </label>
      <section class="table" tabIndex={0} aria-label={label}>
        <svg
          width={width}
          height={height}
          role="img"
          tabIndex={0}
          onClick={choose}
          onKeyDown={move}
          aria-label={`${label}: ${nodes.length} tensors; choose one from the list to read of it`}
        >
          {nodes.flatMap((node) =>
            node.inputs.map((input) => {
              const from = nodes[input];
              const lit = chosen !== null && (node.id === chosen || input === chosen);
              return (
                <line
                  key={`${input} ${node.id}`}
                  class={lit ? 'edge lit' : 'edge'}
                  x1={x(from) + BOX.width}
                  y1={y(from) + BOX.height / 2}
                  x2={x(node)}
                  y2={y(node) + BOX.height / 2}
                />
              );
            }),
          )}
          {nodes.map((node) => (
            <rect
              key={node.id}
              class={`node ${kindOf(node.title)}${node.id === chosen ? ' chosen' : near.has(node.id) ? ' near' : ''}`}
              x={x(node)}
              y={y(node)}
              width={BOX.width}
              height={BOX.height}
              rx={2}
              data-tensor={node.id}
            >
              <title>
                %{node.id} {node.title}
              </title>
            </rect>
          ))}
          {nodes.map((node) => (
            <text key={node.id} class={node.id === chosen ? 'chosen' : ''} x={x(node) + 4} y={y(node) + 13}>
              {nameOf(node.title)}
            </text>
          ))}
        </svg>
      </section>
      {at !== undefined && (
        <div class="about" role="status">
          <b>
            %{at.id} {at.title}
          </b>
          {at.rest.map((part) => (
            <p key={part} class="note">
              {part}
            </p>
          ))}
          <p class="note">
            reads {at.inputs.map((input) => `%${input} ${nodes[input].title}`).join('; ') || 'nothing'}. Read by{' '}
            {readers.map(({ id, title }) => `%${id} ${title}`).join('; ') || 'nobody'}.
          </p>
        </div>
      )}
    </div>
  );
}
