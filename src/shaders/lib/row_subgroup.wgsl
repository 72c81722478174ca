enable subgroups;

// The sum over a workgroup's lanes by subgroups: each adds up its own, then each adds up all of theirs, so that every lane gets the
// total after one barrier. Nothing is assumed of which lanes are in a subgroup, or how many. Needs lib/row_tree.

fn rowSum(value: f32, lane: u32) -> f32 {
  let own = subgroupAdd(value);
  lanes[lane] = select(0.0, own, subgroupElect());
  workgroupBarrier();
  let size = subgroupAdd(1u);
  var part = 0.0;
  for (var i = subgroupExclusiveAdd(1u); i < LANES; i += size) { part += lanes[i]; }
  let total = subgroupAdd(part);
  workgroupBarrier();
  return total;
}
