// Kernels with a thread for each item. A plan cuts long work into dispatches (engine/graph/dispatch.ts, perThread), so their
// `Sizes` begin with `first` and `end`, the threads of this dispatch; and it folds more than 65,535 workgroups into x and y.

fn flatIndex(id: vec3u, groups: vec3u) -> u32 { return id.y * (groups.x * 64u) + id.x; }
