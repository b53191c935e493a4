"""Flask glue that every room uses: session, locale, forms, problems, labels, the policy registry."""
