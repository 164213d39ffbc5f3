{# The days of each shop's calendar, from its first event to its last, without gaps. Weeks begin when the shop's do. #}
with digits as (
  {% for digit in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] %}select {{ digit }} as digit{% if not loop.last %} union all {% endif %}{% endfor %}
),

numbers as (
  select a.digit + 10 * b.digit + 100 * c.digit + 1000 * d.digit as number
  from digits as a cross join digits as b cross join digits as c cross join digits as d
),

spans as (
  select shop_id, min(shop_date) as first_date, max(shop_date) as last_date
  from (
    select shop_id, shop_date from {{ ref('fct_visit_events') }} as visited
    union all
    select shop_id, shop_date from {{ ref('fct_product_states') }} as told
    union all
    select shop_id, shop_date from {{ ref('fct_log_lines') }} as written
  ) as events
  group by shop_id
),

days as (
  select spans.shop_id, {{ add_days('spans.first_date', 'numbers.number') }} as shop_date
  from spans
  inner join numbers on numbers.number <= {{ days_between('spans.first_date', 'spans.last_date') }}
),

weekdays as (
  select
    days.shop_id,
    days.shop_date,
    {{ iso_weekday('days.shop_date') }} as weekday_no,
    case shops.week_start when 'sunday' then 7 when 'saturday' then 6 else 1 end as first_weekday
  from days
  left join {{ ref('dim_shops') }} as shops on shops.shop_id = days.shop_id
)

select
  shop_id,
  shop_date,
  shop_id || '|' || cast(shop_date as {{ type_of_text() }}) as date_key,
  extract(year from shop_date) as year,
  extract(quarter from shop_date) as quarter,
  extract(month from shop_date) as month,
  extract(day from shop_date) as day,
  weekday_no,
  case weekday_no
    when 1 then 'Monday' when 2 then 'Tuesday' when 3 then 'Wednesday' when 4 then 'Thursday'
    when 5 then 'Friday' when 6 then 'Saturday' else 'Sunday'
  end as weekday,
  {{ add_days('shop_date', '-mod(weekday_no - first_weekday + 7, 7)') }} as week_start
from weekdays
