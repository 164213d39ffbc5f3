{#
  One row for each shop, day, metric and value of each dimension. `dimensions` are columns of the relation, or `total`;
  `measures` are pairs of a metric's name and the aggregate that it is.
#}
{% macro cells(relation, dimensions, measures) %}
{% for dimension in dimensions %}
select
  sums.shop_id,
  sums.shop_date,
  names.metric,
  '{{ dimension }}' as dimension,
  sums.value,
  case names.metric
    {% for measure in measures %}when '{{ measure[0] }}' then sums.m{{ loop.index }}
    {% endfor %}end as amount
from (
  select
    shop_id,
    shop_date,
    {% if dimension == 'total' %}'all'{% else %}{{ dimension }}{% endif %} as value,
    {% for measure in measures %}cast({{ measure[1] }} as bigint) as m{{ loop.index }}{% if not loop.last %},{% endif %}
    {% endfor %}
  from {{ relation }}
  group by 1, 2, 3
) as sums
cross join (
  {% for measure in measures %}select '{{ measure[0] }}' as metric{% if not loop.last %} union all {% endif %}{% endfor %}
) as names
{% if not loop.last %}union all{% endif %}
{% endfor %}
{% endmacro %}

{#
  The values of a distribution between which its quantiles lie, for each shop, day and value of each dimension: `low` and
  `high` are the neighbours of rank share × (n − 1). `quantiles` are pairs of a metric's name and its share.
#}
{% macro quantiles(relation, dimensions, value, quantiles) %}
{% for dimension in dimensions %}
select
  ranked.shop_id,
  ranked.shop_date,
  shares.metric,
  '{{ dimension }}' as dimension,
  ranked.value,
  min(ranked.measured) as low,
  max(ranked.measured) as high
from (
  select
    shop_id,
    shop_date,
    {% if dimension == 'total' %}'all'{% else %}{{ dimension }}{% endif %} as value,
    {{ value }} as measured,
    row_number() over (
      partition by shop_id, shop_date{% if dimension != 'total' %}, {{ dimension }}{% endif %} order by {{ value }}
    ) - 1 as place,
    count(*) over (partition by shop_id, shop_date{% if dimension != 'total' %}, {{ dimension }}{% endif %}) as n
  from {{ relation }}
  where {{ value }} is not null
) as ranked
cross join (
  {% for quantile in quantiles %}select '{{ quantile[0] }}' as metric, {{ quantile[1] }} as share{% if not loop.last %} union all {% endif %}{% endfor %}
) as shares
where ranked.place in (
  cast(floor(shares.share * (ranked.n - 1)) as bigint),
  cast(ceil(shares.share * (ranked.n - 1)) as bigint)
)
group by 1, 2, 3, 4, 5
{% if not loop.last %}union all{% endif %}
{% endfor %}
{% endmacro %}

{# An order of rows that are told apart by texts alone: what tells nothing first, then by the texts, one after the other. #}
{% macro by_texts(columns) %}{% for column in columns %}case when {{ column }} = 'unknown' then 0 else 1 end, {{ column }}{% if not loop.last %}, {% endif %}{% endfor %}{% endmacro %}
