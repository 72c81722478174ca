// A one-dimensional index for grids that exceed 65,535 workgroups: the plan folds them into x and y (engine/ops/plan.ts).

fn flatIndex(id: vec3u, groups: vec3u) -> u32 { return id.y * (groups.x * 64u) + id.x; }
