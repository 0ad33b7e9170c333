using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api.Auditing;
using Titanic.Api.Retention;

namespace Slipway.TitanicApi.Tests.History;

public sealed class HistoryTests(TitanicScene scene) : IClassFixture<TitanicScene>
{
    [Fact]
    public async Task What_happened_to_a_person_can_be_read_and_the_trail_itself_keeps_no_name()
    {
        var admin = scene.Admin();
        var created = await admin.AddAsync("Secretive, Mr. Very", ""","cabin":"C 99","age":40""");
        await admin.PatchAsync(created.Path(), """{"name":"Renamed, Mr. Very","survived":true}""", created.ETag());

        var history = (await scene.Nobody().GetAsync(created.Path() + "/history")).Items();

        Assert.Equal(["person.updated", "person.created"], history.Select(entry => entry.Text("action")));
        var change = history[0].GetProperty("changes").EnumerateArray().Single(change => change.Text("pointer") == "/name");
        Assert.Equal(("Secretive, Mr. Very", "Renamed, Mr. Very"), (change.Text("before"), change.Text("after")));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, history[0].GetProperty("actor").GetProperty("id").ValueKind);
        Assert.NotNull((await admin.GetAsync(created.Path() + "/history")).Items()[0].GetProperty("actor").Text("id"));
        Assert.Equal("0", await scene.Database.TextAsync("select count(*) from slipway.audit_entries where changes::text ~ 'Secretive|Renamed|C 99'"));
        Assert.Equal("0", await scene.Database.TextAsync("select count(*) from slipway.outbox where event::text ~ 'Secretive|Renamed'"));
    }

    [Fact]
    public async Task A_held_record_is_neither_deleted_nor_purged_until_the_hold_is_lifted()
    {
        var admin = scene.Admin();
        var path = (await admin.AddAsync("Held, Mr. On")).Path();

        var held = (await admin.PutAsync(path + "/hold", """{"reason":"Case 7"}""")).Ok();
        var refused = await admin.DeleteAsync(path, ("If-Match", "*"));

        Assert.Equal("Case 7", held.Text("holdReason"));
        refused.Problem(409, "onHold");
        Assert.Equal(["/reason"], (await admin.PutAsync(path + "/hold", "{}")).ErrorsAt());
        Assert.Equal(204, (await admin.DeleteAsync(path + "/hold")).Status);
        Assert.Equal(204, (await admin.DeleteAsync(path, ("If-Match", "*"))).Status);
        Assert.Equal(["person.deleted", "person.released", "person.held", "person.created"], (await admin.GetAsync(path + "/history")).Items().Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task Thirty_days_after_deletion_a_record_is_gone_and_the_trail_still_holds_but_can_no_longer_be_read()
    {
        var admin = scene.Admin();
        var gone = await admin.AddAsync("Goner, Mr. Unusualword");
        var kept = await admin.AddAsync("Keeper, Mr. Held");
        var fresh = await admin.AddAsync("Fresh, Mr. Recently");
        await admin.PutAsync(kept.Path() + "/hold", """{"reason":"Case 8"}""");
        await admin.DeleteAsync(gone.Path(), ("If-Match", "*"));
        await admin.DeleteAsync(fresh.Path(), ("If-Match", "*"));
        await scene.Database.AsTenantAsync("titanic", "update people set deleted_at = now() - interval '31 days' where name in ('Goner, Mr. Unusualword', 'Keeper, Mr. Held')");

        Assert.Equal(0, await scene.Service.Services.GetRequiredService<Retain>().RunAsync(CancellationToken.None));

        (await admin.GetAsync(gone.Path() + "?deleted=true")).Problem(404, "notFound");
        Assert.Equal(200, (await admin.GetAsync(kept.Path() + "?deleted=true")).Status);
        Assert.Equal(200, (await admin.PostAsync(fresh.Path() + "/restore", "")).Status);
        Assert.Equal("0", await scene.Database.AsTenantAsync("titanic", "select count(*) from name_words where word = 'unusualword'"));
        var entries = (await admin.GetAsync("/audit?person=" + gone.Json().Text("uuid"))).Items();
        Assert.Equal(["person.purged", "person.deleted", "person.created"], entries.Select(entry => entry.Text("action")));
        Assert.Equal("[erased]", entries[2].GetProperty("changes").EnumerateArray().Single(change => change.Text("pointer") == "/name").Text("after"));
        Assert.True((await admin.GetAsync("/audit/verify")).Ok().GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task The_trail_of_one_tenant_is_not_shown_to_another()
    {
        var admin = scene.Admin(null, "olympic");
        var theirs = await admin.AddAsync("Theirs", "", ("X-Tenant", "olympic"));

        Assert.Single((await admin.GetAsync("/audit?person=" + theirs.Json().Text("uuid"), ("X-Tenant", "olympic"))).Items());
        Assert.Empty((await admin.GetAsync("/audit?person=" + theirs.Json().Text("uuid"))).Items());
    }

    [Fact]
    public async Task The_trail_goes_on_page_by_page()
    {
        var admin = scene.Admin();
        var path = (await admin.AddAsync("Paged 0")).Path();
        for (var at = 1; at <= 4; at++)
        {
            await admin.PatchAsync(path, $$"""{"name":"Paged {{at}}"}""", "*");
        }

        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await admin.GetAsync($"{path}/history?limit=2{(cursor.Length == 0 ? "" : "&cursor=" + cursor)}");
            ids.AddRange(page.Items().Select(entry => entry.Text("id")));
            cursor = page.Json().GetProperty("page").GetProperty("next").GetString();
        }

        Assert.Equal((5, 5), (ids.Count, ids.Distinct().Count()));
    }
}

public sealed class TamperingTests(TitanicScene scene) : IClassFixture<TitanicScene>
{
    [Fact]
    public async Task Whoever_changes_the_trail_past_its_guard_is_found_out()
    {
        var admin = scene.Admin();
        for (var at = 0; at < 3; at++)
        {
            await admin.AddAsync($"Witness {at}");
        }

        var verify = scene.Service.Services.GetRequiredService<VerifyAudit>();
        Assert.Equal(0, await verify.RunAsync(CancellationToken.None));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scene.Database.ExecuteAsync("update slipway.audit_entries set actor_id = 'somebody else'"));
        await scene.Database.ExecuteAsync(
            """
            alter table slipway.audit_entries disable trigger append_only;
            update slipway.audit_entries set actor_id = 'somebody else' where id = (select id from slipway.audit_entries order by at limit 1);
            alter table slipway.audit_entries enable trigger append_only
            """);

        var verdict = (await admin.GetAsync("/api/v1/audit/verify")).Ok();

        Assert.False(verdict.GetProperty("holds").GetBoolean());
        Assert.Contains("link 1", verdict.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(1, await verify.RunAsync(CancellationToken.None));
    }
}
