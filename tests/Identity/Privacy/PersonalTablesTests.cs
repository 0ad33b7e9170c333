using Slipway.Identity.Privacy;

namespace Slipway.Identity.Tests.Privacy;

public sealed class PersonalTablesTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private readonly RunningIdentity _identity = world.Identity;

    private async Task<string[]> ListAsync(string sql) =>
        (await _identity.Database.TextAsync($"select coalesce(string_agg(found, ',' order by found), '') from ({sql}) as t (found)")).Split(',', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task Every_table_is_decided_about_and_no_table_is_invented()
    {
        var tables = await ListAsync("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_migrations'");

        Assert.Equal(tables, PersonalTables.All.Select(table => table.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_table_with_a_column_about_a_person_is_personal()
    {
        var personal = await ListAsync(
            """
            select distinct table_name from information_schema.columns where table_schema = 'public'
                and column_name in ('user_id', 'email', 'email_typed', 'first_name', 'last_name', 'username', 'to_address', 'network', 'user_agent')
            """);

        Assert.Contains("login_events", personal);
        Assert.All(personal, name => Assert.NotEqual(Treatment.NotPersonal, PersonalTables.All.Single(table => table.Name == name).Treatment));
        var referring = await ListAsync(
            """
            select distinct tc.table_name from information_schema.table_constraints tc
            join information_schema.constraint_column_usage ccu on ccu.constraint_name = tc.constraint_name
            where tc.constraint_type = 'FOREIGN KEY' and ccu.table_name = 'users' and tc.table_name <> 'clients'
            """);
        Assert.Contains("api_keys", referring);
        Assert.All(referring, name => Assert.NotEqual(Treatment.NotPersonal, PersonalTables.All.Single(table => table.Name == name).Treatment));
    }

    [Fact]
    public void What_is_promised_to_be_exported_is()
    {
        var promised = PersonalTables.All.Where(table => table.Member is not null).Select(table => table.Member!).Order(StringComparer.Ordinal);

        Assert.Equal(promised, PersonalExport.Members.Select(member => member.Member).Order(StringComparer.Ordinal));
        Assert.All(PersonalExport.Members, member => Assert.Contains(
            $"from {PersonalTables.All.Single(table => table.Member == member.Member).Name} ", member.Sql.ReplaceLineEndings(" ") + " ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_promised_to_be_deleted_is()
    {
        var steps = ErasurePlan.Steps.Select(step => step.Table).ToHashSet();

        Assert.All(PersonalTables.All, table => Assert.Equal(
            table.Treatment is Treatment.Deleted or Treatment.Overwritten || table.Name == "clients", steps.Contains(table.Name)));
    }

    /// <summary>A column that is added later must not slip past the export or stay behind after an erasure.</summary>
    [Fact]
    public async Task Every_column_of_an_account_is_exported_or_known_to_be_none_of_the_persons()
    {
        var columns = await ListAsync("select column_name from information_schema.columns where table_schema = 'public' and table_name = 'users'");
        string[] internals = ["password", "email", "name", "locked_until", "failed_count", "security_version", "version"];
        var profile = PersonalExport.Members.Single(member => member.Member == "profile").Sql;

        Assert.Contains("marketing_consent", columns);
        Assert.All(columns.Except(internals), column => Assert.Contains(column, profile, StringComparison.Ordinal));
    }
}
