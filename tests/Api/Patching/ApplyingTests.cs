using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests.Patching;

public sealed class ApplyingTests
{
    private const string One = $"{Manifests.ConfigMaps}/one";

    private static Task<Answer> ApplyAsync(ApiHost api, string manager, string manifest, string path = One, string query = "") =>
        api.PatchAsync($"{path}?fieldManager={manager}{query}", "application/apply-patch+yaml", manifest);

    private static string Data(string data) => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"},"data":{{{data}}}}""";

    private static JsonObject Owned(Answer answer, string manager, string operation = "Apply") =>
        (JsonObject)answer.Json["metadata"]!["managedFields"]!.AsArray()
            .Single(entry => entry!["manager"]!.ToString() == manager && entry["operation"]!.ToString() == operation)!["fieldsV1"]!;

    [Fact]
    public async Task Applying_what_is_not_there_creates_it()
    {
        await using var api = await ApiHost.StartAsync();
        var made = (await ApplyAsync(api, "me", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: '1'}\n")).Expect(HttpStatusCode.Created);
        Assert.Equal("1", made.At("data", "a"));
        Assert.Equal("""{"f:data":{"f:a":{}}}""", Owned(made, "me").ToJsonString());
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing()
    {
        await using var api = await ApiHost.StartAsync();
        await ApplyAsync(api, "me", Data("""{"a":"1"}"""));
        var version = api.Store.Version;
        (await ApplyAsync(api, "me", Data("""{"a":"1"}"""))).Expect(HttpStatusCode.OK);
        Assert.Equal(version, api.Store.Version);
    }

    [Fact]
    public async Task Fields_that_are_no_longer_sent_are_removed()
    {
        await using var api = await ApiHost.StartAsync();
        await ApplyAsync(api, "me", Data("""{"a":"1","b":"2"}"""));
        var applied = (await ApplyAsync(api, "me", Data("""{"a":"1"}"""))).Expect(HttpStatusCode.OK);
        Assert.Equal("""{"a":"1"}""", applied.Json["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_field_that_somebody_else_owns_too_stays()
    {
        await using var api = await ApiHost.StartAsync();
        await ApplyAsync(api, "me", Data("""{"a":"1","b":"2"}"""));
        (await ApplyAsync(api, "you", Data("""{"b":"2"}"""))).Expect(HttpStatusCode.OK);
        var applied = await ApplyAsync(api, "me", Data("""{"a":"1"}"""));
        Assert.Equal("2", applied.At("data", "b"));
        Assert.Equal("""{"f:data":{"f:b":{}}}""", Owned(applied, "you").ToJsonString());
    }

    [Fact]
    public async Task Another_value_for_a_field_of_somebody_else_is_a_conflict_unless_forced()
    {
        await using var api = await ApiHost.StartAsync();
        await ApplyAsync(api, "me", Data("""{"a":"1"}"""));
        var conflict = (await ApplyAsync(api, "you", Data("""{"a":"2"}"""))).Expect(HttpStatusCode.Conflict);
        Assert.Equal("Conflict", conflict.At("reason"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"me\" using v1: .data.a", conflict.At("message"));
        Assert.Equal("FieldManagerConflict", conflict.At("details", "causes", "0", "reason"));
        Assert.Equal(".data.a", conflict.At("details", "causes", "0", "field"));
        var forced = (await ApplyAsync(api, "you", Data("""{"a":"2"}"""), query: "&force=true")).Expect(HttpStatusCode.OK);
        Assert.Equal("2", forced.At("data", "a"));
        Assert.Single(forced.Json["metadata"]!["managedFields"]!.AsArray());
    }

    [Fact]
    public async Task Updates_take_ownership_of_what_they_change()
    {
        await using var api = await ApiHost.StartAsync();
        await ApplyAsync(api, "me", Data("""{"a":"1","b":"2"}"""));
        var patched = await api.SendAsync(HttpMethod.Patch, One, """{"data":{"a":"9"}}""", "application/merge-patch+json", agent: "editor/2.0");
        Assert.Equal("""{"f:data":{"f:a":{}}}""", Owned(patched, "editor", "Update").ToJsonString());
        Assert.Equal("""{"f:data":{"f:b":{}}}""", Owned(patched, "me").ToJsonString());
        (await ApplyAsync(api, "me", Data("""{"a":"1","b":"2"}"""))).Expect(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Items_of_keyed_lists_belong_to_whom_applied_them()
    {
        await using var api = await ApiHost.StartAsync();
        const string path = "/apis/batch/v1/namespaces/default/cronjobs/tick";
        static string CronJob(string env) => """
            {"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"tick"},"spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"template":{"spec":
             {"restartPolicy":"Never","containers":[{"name":"main","image":"example.test/x:1","env":[ENV]}]}}}}}}
            """.Replace("ENV", env);
        (await ApplyAsync(api, "me", CronJob("""{"name":"A","value":"1"},{"name":"B","value":"2"}"""), path)).Expect(HttpStatusCode.Created);
        (await ApplyAsync(api, "you", CronJob("""{"name":"C","value":"3"}"""), path)).Expect(HttpStatusCode.OK);
        var applied = (await ApplyAsync(api, "me", CronJob("""{"name":"B","value":"2"}"""), path)).Expect(HttpStatusCode.OK);
        var env = applied.Json["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray();
        Assert.Equal(["B", "C"], env.Select(variable => variable!["name"]!.ToString()).Order());
    }

    [Fact]
    public async Task Lists_of_serving_kinds_are_replaced_whole()
    {
        await using var api = await ApiHost.StartAsync();
        const string path = $"{Manifests.Services}/shop";
        (await ApplyAsync(api, "me", Manifests.Service("shop"), path)).Expect(HttpStatusCode.Created);
        var applied = (await ApplyAsync(api, "me", Manifests.Service("shop", "example.test/shop:2"), path)).Expect(HttpStatusCode.OK);
        Assert.Single(applied.Json["spec"]!["template"]!["spec"]!["containers"]!.AsArray());
        Assert.Equal("""{"f:spec":{"f:template":{"f:spec":{"f:containers":{}}}}}""", Owned(applied, "me").ToJsonString());
        Assert.Equal("2", applied.At("metadata", "generation"));
    }

    [Fact]
    public async Task Labels_and_finalizers_are_owned_one_by_one()
    {
        await using var api = await ApiHost.StartAsync();
        await ApplyAsync(api, "me", """{"metadata":{"name":"one","labels":{"a":"1"},"finalizers":["x.test/me"]}}""");
        var applied = await ApplyAsync(api, "you", """{"metadata":{"name":"one","labels":{"b":"2"},"finalizers":["x.test/you"]}}""");
        Assert.Equal(["v:\"x.test/you\""], Owned(applied, "you")["f:metadata"]!["f:finalizers"]!.AsObject().Select(field => field.Key));
        var given = await ApplyAsync(api, "me", """{"metadata":{"name":"one"}}""");
        Assert.Equal("""{"b":"2"}""", given.Json["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("""["x.test/you"]""", given.Json["metadata"]!["finalizers"]!.ToJsonString());
    }

    [Fact]
    public async Task The_status_is_owned_apart()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        var patched = await api.SendAsync(
            HttpMethod.Patch, $"{Manifests.Services}/shop/status?fieldManager=controller", """{"status":{"url":"http://x"}}""", "application/merge-patch+json");
        var entry = patched.Json["metadata"]!["managedFields"]!.AsArray().Single(one => one!["manager"]!.ToString() == "controller")!;
        Assert.Equal("status", entry["subresource"]!.ToString());
    }

    [Fact]
    public async Task A_client_that_moves_to_apply_may_rewrite_the_owners()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync($"{Manifests.ConfigMaps}?fieldManager=kubectl-client-side-apply", Manifests.ConfigMap("one", "a", "1"));
        var moved = await api.PatchAsync(One, "application/json-patch+json",
            """[{"op":"replace","path":"/metadata/managedFields","value":[{"manager":"kubectl","operation":"Apply","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{}}}}]}]""");
        Assert.Equal("kubectl", moved.Expect(HttpStatusCode.OK).At("metadata", "managedFields", "0", "manager"));
        var applied = await ApplyAsync(api, "kubectl", Data("""{"b":"2"}"""));
        Assert.Equal("""{"b":"2"}""", applied.Expect(HttpStatusCode.OK).Json["data"]!.ToJsonString());
    }

    [Fact]
    public async Task An_apply_needs_a_manager_and_no_managed_fields()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = (await api.PatchAsync(One, "application/apply-patch+yaml", Data("{}"))).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("fieldManager", answer.At("message"));
        (await ApplyAsync(api, "me", """{"metadata":{"name":"one","managedFields":[{}]}}""")).Expect(HttpStatusCode.BadRequest);
        (await ApplyAsync(api, "me", """{"metadata":{"name":"two"}}""")).Expect(HttpStatusCode.BadRequest);
        (await ApplyAsync(api, "me", "a: [", path: One)).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_dry_run_of_an_apply_keeps_nothing()
    {
        await using var api = await ApiHost.StartAsync();
        var version = api.Store.Version;
        (await ApplyAsync(api, "me", Data("""{"a":"1"}"""), query: "&dryRun=All")).Expect(HttpStatusCode.Created);
        Assert.Equal(version, api.Store.Version);
    }

    [Fact]
    public async Task Many_updaters_are_remembered_in_bounded_space()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        Answer? last = null;
        for (var index = 0; index < 15; index++)
        {
            last = await api.PatchAsync($"{One}?fieldManager=m{index}", "application/merge-patch+json", $$$"""{"data":{"k{{{index}}}":"v"}}""");
        }

        var managers = last!.Json["metadata"]!["managedFields"]!.AsArray().Select(entry => entry!["manager"]!.ToString()).ToList();
        Assert.Equal(10, managers.Count);
        Assert.Contains("ancient-changes", managers);
        Assert.Contains("m14", managers);
    }
}
