using FsCheck;
using FsCheck.Fluent;
using Slipway.Sdk.Database;

namespace Slipway.Sdk.Tests.Database;

public sealed class SqlStatementsTests
{
    [Fact]
    public void Semicolons_end_statements_only_where_sql_says_so()
    {
        const string Script = """
            -- one; two
            create table a (t text default 'x;y'); /* ; /* nested; */ */
            create function f() returns int language sql as $body$ select 1; select 2; $body$;
            insert into a values (E'it\'s; here'), ('it''s;'), ($$;$$);
            select "odd;name" from a
            """;

        var statements = SqlStatements.Split(Script);

        Assert.Equal(4, statements.Count);
        Assert.Equal([2, 3, 4, 5], statements.Select(statement => statement.Line));
        Assert.Equal("select \"odd;name\" from a", statements[3].Text);
    }

    [Theory]
    [InlineData("create index concurrently a_b on a (b)", "a_b")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS shop.\"a b\" ON a (b)", "shop.\"a b\"")]
    [InlineData("create index concurrently on a (b)", null)]
    [InlineData("create index a_b on a (b)", null)]
    public void The_name_of_a_concurrent_index_is_found(string statement, string? name) =>
        Assert.Equal(name, SqlStatements.ConcurrentIndex(statement));

    [Fact]
    public void Whatever_a_script_says_splitting_ends_and_loses_no_statement() => Prop.ForAll<string[]>(words =>
    {
        var script = string.Concat(words.Select(word => word + (word?.Length % 2 == 0 ? ";" : "'$$--/*")));
        var statements = SqlStatements.Split(script);
        return statements.All(statement => statement.Text.Length > 0 && script.Contains(statement.Text, StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();
}
