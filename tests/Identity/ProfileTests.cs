using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Identity.Passwords;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Settings;

namespace Slipway.Identity.Tests;

public sealed class ProfileTests(TestPostgres postgres)
{
    [Fact]
    public async Task The_documented_indexes_exist_as_documented()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        await identity.RegisterAsync(RunningIdentity.NewEmail());

        Assert.Equal("CREATE INDEX idx_users_email ON public.users USING btree (email)", await IndexAsync(identity, "idx_users_email"));
        Assert.Equal("CREATE INDEX idx_users_username ON public.users USING btree (username)", await IndexAsync(identity, "idx_users_username"));
        Assert.Equal("CREATE INDEX idx_users_active ON public.users USING btree (is_active) WHERE (is_active IS TRUE)", await IndexAsync(identity, "idx_users_active"));
        Assert.Equal("CREATE INDEX idx_user_login ON public.users USING btree (email, password) WHERE (is_active IS TRUE)", await IndexAsync(identity, "idx_user_login"));
        Assert.Equal("CREATE INDEX idx_users_role ON public.users USING btree (role)", await IndexAsync(identity, "idx_users_role"));
        Assert.Equal("0", await identity.Database.TextAsync("select count(*) from pg_index where not indisvalid"));
    }

    [Fact]
    public async Task The_users_table_has_the_documented_columns_also_under_the_platforms_names()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        await identity.JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/auth/register", """{"email":"ada.columns@example.org","password":"correct horse battery","firstName":"Ada","lastName":"Lovelace"}""");
        Assert.Equal(
            "Ada Lovelace|True",
            await identity.Database.TextAsync("select name || '|' || initcap((id is not null and created_at is not null and password like '$%' and is_active)::text) from users where email = 'ada.columns@example.org'"));
    }

    [Fact]
    public async Task The_login_query_asks_for_active_accounts_and_five_attributes_and_is_answered_by_the_index()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres);
        await identity.RegisterAsync(RunningIdentity.NewEmail());
        await identity.Database.ExecuteAsync("insert into users (id, email, email_typed, password, created_at, updated_at) select gen_random_uuid(), 'n' || n || '@example.org', 'n', 'x', now(), now() from generate_series(1, 5000) as n");
        await identity.Database.ExecuteAsync("analyze users");

        Assert.Equal("select id, email, password, first_name, last_name from users where email = $1 and is_active = true", LoginQuery);
        await using var connection = await identity.Database.OpenAsync();
        await using var explain = connection.CreateCommand();
        explain.CommandText = "explain " + LoginQuery.Replace("$1", "'n77@example.org'", StringComparison.Ordinal);
        var plan = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        Assert.Contains("Index Scan using idx_user", string.Join('\n', plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_baseline_can_be_measured_without_the_indexes_and_stays_correct()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres, null, ("PROFILE", "baseline"));
        var email = RunningIdentity.NewEmail();
        await identity.RegisterAsync(email);
        Assert.Equal(0, await RunAsync(identity, "baseline-indexes", "drop"));
        Assert.Equal("0", await identity.Database.TextAsync("select count(*) from pg_indexes where indexname like 'idx\\_user%'"));

        await identity.SignInAsync(email);
        using var again = await identity.SendAsync(HttpMethod.Post, "/auth/register", RunningIdentity.Credentials(email));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        Assert.Equal(0, await RunAsync(identity, "baseline-indexes", "create"));
        Assert.Equal("5", await identity.Database.TextAsync("select count(*) from pg_indexes where indexname like 'idx\\_user%'"));
        Assert.Equal(64, await RunAsync(identity, "baseline-indexes", "paint"));
    }

    [Fact]
    public async Task In_the_baseline_sign_ins_are_noted_before_the_answer_and_nothing_is_remembered()
    {
        await using var identity = await RunningIdentity.StartAsync(postgres, null, ("PROFILE", "baseline"));
        var email = RunningIdentity.NewEmail();
        await identity.RegisterAsync(email);
        await identity.SignInAsync(email);
        Assert.Equal("2", await identity.Database.TextAsync($"select login_count from users where email = '{email}'"));
        Assert.Equal(0, identity.Service.Services.GetRequiredService<VerifiedCredentials>().Count);
        using var wrong = await identity.LoginAsync(email, "not the password");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        await identity.Database.ExecuteAsync($"update users set is_active = false where email = '{email}'");
        using var inactive = await identity.LoginAsync(email);
        Assert.Equal(HttpStatusCode.Unauthorized, inactive.StatusCode);
    }

    [Theory]
    [InlineData("baseline", 5, 0, false, 12, 0)]
    [InlineData("optimized", 50, 5, true, 10, 300)]
    public void A_profile_decides_pool_breaker_cost_and_cache(string profile, int poolMax, int poolMin, bool breaker, int rounds, int cacheSeconds)
    {
        var service = IdentityService.Create(["--set", $"PROFILE={profile}"], options => options.Environment = _ => null);
        using var services = service.Services.BuildServiceProvider();
        var database = services.GetRequiredService<DatabaseOptions>();
        var settings = services.GetRequiredService<IdentitySettings>();

        Assert.Equal((poolMax, poolMin, breaker), (database.PoolMax, database.PoolMin, database.BreakerOn));
        Assert.Equal((profile == "baseline" ? 30 : 60, 10), (database.AcquireTimeout.TotalSeconds, database.IdleLifetime.TotalSeconds));
        Assert.Equal((rounds, cacheSeconds), (settings.BcryptRounds, (int)settings.CacheLifetime.TotalSeconds));
    }

    [Fact]
    public void A_setting_wins_over_the_profile()
    {
        var environment = new Dictionary<string, string?> { ["PROFILE"] = "baseline", ["DB_POOL_MAX"] = "33", ["BCRYPT_ROUNDS"] = "11" };
        var service = IdentityService.Create([], options => options.Environment = environment.GetValueOrDefault);
        using var services = service.Services.BuildServiceProvider();
        Assert.Equal(33, services.GetRequiredService<DatabaseOptions>().PoolMax);
        Assert.Equal(11, services.GetRequiredService<IdentitySettings>().BcryptRounds);
    }

    [Fact]
    public void Every_mistake_in_the_settings_is_told_at_once()
    {
        var environment = new Dictionary<string, string?>
        {
            ["PROFILE"] = "fast",
            ["BCRYPT_ROUNDS"] = "3",
            ["TOKEN_SECONDS"] = "90000",
            ["IDENTITY_MASTER_KEY"] = "c2hvcnQ=",
            ["SMTP_URL"] = "http://user:secret@mail.example",
        };
        var service = IdentityService.Create([], options => options.Environment = environment.GetValueOrDefault);

        var mistakes = Assert.Throws<SettingsException>(() => service.Build(IdentityService.Map)).Mistakes;

        foreach (var name in new[] { "PROFILE", "BCRYPT_ROUNDS", "TOKEN_SECONDS", "IDENTITY_MASTER_KEY", "SESSION_KEY", "SMTP_URL", "DATABASE_URL" })
        {
            Assert.Contains(mistakes, mistake => mistake.StartsWith(name, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("secret", StringComparison.Ordinal) || mistake.Contains("c2hvcnQ", StringComparison.Ordinal));
    }

    private const string LoginQuery = global::Slipway.Identity.SignIns.LoginQuery.Optimized;

    private static Task<string> IndexAsync(RunningIdentity identity, string name) =>
        identity.Database.TextAsync($"select indexdef from pg_indexes where indexname = '{name}'");

    private static Task<int> RunAsync(RunningIdentity identity, params string[] words) => IdentityService.Create(
        [.. identity.Environment.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" }), .. words],
        options => options.Environment = _ => null).RunAsync(IdentityService.Map);
}
