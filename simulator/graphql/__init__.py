"""The GraphQL half of the API, over ``schemas/scope.graphql``.

The only folder that may import graphql-core. Nothing here is imported before the first query arrives, so that the
server listens before graphql-core is loaded; whoever needs it imports ``graphql.execute`` late.
"""
