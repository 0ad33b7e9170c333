using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Hosting;
using Slipway.TitanicApi.Tests.Scenes;

namespace Slipway.TitanicApi.Tests.Live;

public sealed class LiveTests(TitanicScene scene) : IClassFixture<TitanicScene>
{
    [Fact]
    public async Task A_change_in_one_instance_reaches_the_memory_of_another()
    {
        await using var other = await (await scene.StartAsync()).UntilReadyAsync();
        await UntilRememberingAsync(scene.Service);
        await UntilRememberingAsync(other);
        var admin = scene.Admin();
        var created = await admin.AddAsync("Before, Mr. Change");
        var far = scene.Nobody(other);
        await Eventually.TrueAsync(async () => (await far.GetAsync(created.Path())).Header("X-Cache") == "hit");
        Assert.Equal(["Before, Mr. Change"], (await far.GetAsync("/people?name=change")).Names());

        await admin.PatchAsync(created.Path(), """{"name":"After, Mr. Change"}""", created.ETag());

        Assert.Equal("After, Mr. Change", (await scene.Nobody().GetAsync(created.Path())).Ok().Text("name"));
        await Eventually.TrueAsync(async () => (await far.GetAsync(created.Path())).Ok().Text("name").StartsWith("After", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await far.GetAsync("/people?name=change")).Names() is ["After, Mr. Change"]);
    }

    [Fact]
    public async Task What_is_asked_again_comes_from_memory_and_for_nobody_elses_tenant()
    {
        await UntilRememberingAsync(scene.Service);
        var admin = scene.Admin(null, "olympic");
        await admin.AddAsync("Mine, Mr. X", "", ("X-Tenant", "olympic"));

        var miss = await admin.GetAsync("/people?name=mine", ("X-Tenant", "olympic"));
        var hit = await admin.GetAsync("/people?name=mine", ("X-Tenant", "olympic"));
        var other = await admin.GetAsync("/people?name=mine");

        Assert.Equal(("miss", "hit", "miss"), (miss.Header("X-Cache"), hit.Header("X-Cache"), other.Header("X-Cache")));
        Assert.NotNull(hit.Header("Age"));
        Assert.Empty(other.Items());
        await using var plain = await (await scene.StartAsync(("CACHE", "off"))).UntilReadyAsync();
        Assert.Null((await scene.Nobody(plain).GetAsync("/people")).Header("X-Cache"));
    }

    [Fact]
    public async Task Those_who_follow_hear_of_changes_and_go_on_where_they_left_off()
    {
        var admin = scene.Admin(null, "olympic");
        await using var stream = await EventStream.OpenAsync(scene.Nobody().Client);
        var (ready, _, _) = await stream.NextAsync();
        await admin.AddAsync("Elsewhere, Mr. X", "", ("X-Tenant", "olympic"));
        var created = await admin.AddAsync("Followed, Mr. X");

        var (type, data, id) = await stream.NextAsync();
        await stream.DisposeAsync();
        await admin.PatchAsync(created.Path(), """{"survived":true}""", created.ETag());
        await admin.DeleteAsync(created.Path(), ("If-Match", "*"));
        await using var again = await EventStream.OpenAsync(scene.Nobody().Client, id);
        var (first, second) = (await again.NextAsync(), await again.NextAsync());

        Assert.Equal(("ready", "created", created.Json().Text("uuid")), (ready, type, data.Text("uuid")));
        Assert.Equal(("updated", "deleted", 3), (first.Type, second.Type, second.Data.Number("version")));
        await using var lost = await EventStream.OpenAsync(scene.Nobody().Client, "nonsense");
        Assert.Equal("reset", (await lost.NextAsync()).Type);
    }

    [Fact]
    public async Task What_happened_waits_for_the_broker_in_the_order_it_happened()
    {
        var admin = scene.Admin();
        var created = await admin.AddAsync("Told, Mr. X");
        await admin.DeleteAsync(created.Path(), ("If-Match", "*"));
        await admin.PostAsync(created.Path() + "/restore", "");

        var types = await scene.Database.TextAsync(
            $"select string_agg(event::json->>'type', ' ' order by position) from slipway.outbox where partition_key = '{created.Json().Text("uuid")}' and topic = 'titanic-events'");

        Assert.Equal("slipway.titanic.person.created.v1 slipway.titanic.person.deleted.v1 slipway.titanic.person.restored.v1", types);
    }

    private static Task UntilRememberingAsync(RunningService service) => Eventually.TrueAsync(() => Task.FromResult(service.Services.GetRequiredService<ResponseCache>().Trusted));
}
