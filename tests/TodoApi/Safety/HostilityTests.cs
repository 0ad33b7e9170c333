using System.Net.Http.Headers;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Safety;

/// <summary>Whatever is sent, the answer is an answer: never a 5xx, and every refusal is a problem document.</summary>
public sealed class HostilityTests(TodoScene scene) : IClassFixture<TodoScene>
{
    private const int Bodies = 1000;
    private const int BodiesNobodyReads = 25;

    private static readonly string[] s_types = ["application/json", "application/merge-patch+json", "text/csv", "text/calendar"];

    [Fact]
    public async Task A_thousand_hostile_bodies_do_not_trouble_any_endpoint()
    {
        var ann = scene.Person();
        var list = await ann.ListAsync("target");
        var todo = await ann.TodoAsync("target", $"\"listId\":\"{list.Id()}\"");
        var secrets = new Secrets(todo.Id(), list.Id(), Guid.CreateVersion7(), Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString(), list.Id());
        var bodies = Properties.Examples(HostileBodies.All, Bodies);
        var attempts = Attempt.On(secrets).Where(attempt => attempt.Method is "POST" or "PUT" or "PATCH").ToList();

        await Parallel.ForEachAsync(attempts, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (attempt, cancellation) =>
        {
            var types = attempt.Endpoint.EndsWith("/imports", StringComparison.Ordinal) ? s_types : [Type(attempt)];
            var count = attempt.Body is null ? BodiesNobodyReads : Bodies;
            for (var index = 0; index < count; index++)
            {
                using var request = new HttpRequestMessage(new HttpMethod(attempt.Method), attempt.Path);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ann.Token);
                request.Headers.TryAddWithoutValidation("If-Match", "*");
                request.Content = new ByteArrayContent(bodies[index]);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(types[index % types.Length]);
                Judge(await Answer.OfAsync(ann.Client, request), attempt.Endpoint, bodies[index]);
            }
        });
    }

    [Fact]
    public async Task Hostile_parameters_do_not_trouble_any_endpoint_either()
    {
        var ann = scene.Person();
        var todo = await ann.TodoAsync("target");
        var secrets = new Secrets(todo.Id(), todo.Text("listId"), ann.Id, Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), todo.Text("listId"));
        var queries = Properties.Examples(Queries(), 150);
        foreach (var attempt in Attempt.On(secrets).Where(attempt => attempt.Method == "GET" && attempt.Endpoint != "GET /api/v1/events"))
        {
            foreach (var query in queries)
            {
                var answer = await ann.GetAsync(attempt.Path.Split('?')[0] + "?" + query, ("If-None-Match", "W/\"x\", *"));
                Judge(answer, attempt.Endpoint + "?" + query, []);
            }
        }
    }

    private static void Judge(Answer answer, string endpoint, byte[] body)
    {
        Assert.True(answer.Status < 500, $"{endpoint} answered {answer.Status} to {Convert.ToBase64String(body)}: {answer.Body}");
        if (answer.Status >= 400)
        {
            answer.Problem(answer.Status);
        }
    }

    private static string Type(Attempt attempt) =>
        attempt.Method == "PATCH" && attempt.Path.StartsWith("/api/", StringComparison.Ordinal) ? "application/merge-patch+json" : attempt.Type;

    private static Gen<string> Queries() =>
        from parts in (
            from name in Gen.Elements(
                "view", "timeZone", "listId", "parentId", "parentId[isNull]", "tag", "priority", "category", "completed", "q", "due[gte]", "due[lte]", "deleted", "sort", "limit",
                "cursor", "count", "facets", "format", "page", "pageSize", "dueBefore", "x", "")
            from value in Gen.Elements(
                "", "0", "-1", "1", "99999999999", "true", "all", "today", "%00", "%ff", "'", "\"", "%F0%9F%99%82", "a,b", ",,,", "%20", "-title", "position", "Europe/Berlin", "..%2F..%2Fetc",
                "2026-02-30", "9999-12-31", "2026-01-05T00:00:00Z", "0001-01-01T00:00:00%2B14:00", "!!", "-", "a%20%26%20b:*%20|", "%22unclosed", "or%20or", "-a%20-b", "AAAA", new string('x', 300), "exact", "tags,priority", "include", "csv")
            select $"{Uri.EscapeDataString(name)}={value}").Few(5)
        select string.Join('&', parts);
}
