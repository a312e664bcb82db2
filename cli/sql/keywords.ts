/** Words of Athena SQL that completion offers; functions and names come from elsewhere. */
export const keywords: readonly string[] = (
  "all alter and any array as asc between bin_pack by case cast columns create cross cube current_date current_timestamp " +
  "data database date deallocate delete desc describe distinct drop else end escape except execute exists explain external " +
  "extract fetch filter first following for from full group grouping having if in inner insert intersect interval into is " +
  "join last left like limit location map matched merge not null nulls offset on optimize or order ordinality outer over " +
  "partition partitioned partitions preceding prepare range replace rewrite right rollup row rows select set sets show " +
  "table tables tblproperties then time timestamp to true try_cast unbounded union unload unnest update using vacuum values " +
  "version view views when where window with within zone"
).split(" ");
