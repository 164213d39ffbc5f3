select * from {{ ref('stg_wishlist_adds') }}
