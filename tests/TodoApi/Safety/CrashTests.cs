using System.Collections.Concurrent;
using System.Text;
using Slipway.Sdk.Hosting;
using Slipway.TodoApi.Tests.Scenes;

namespace Slipway.TodoApi.Tests.Safety;

public sealed class CrashTests(TestPostgres postgres, Identity identity)
{
    private const int Lives = 2;
    private const int Writers = 4;
    private const int BatchSize = 20;
    private const int BatchesPerLife = 12;

    [Fact]
    public async Task A_service_killed_while_it_writes_loses_nothing_it_acknowledged_and_does_nothing_twice()
    {
        var database = await postgres.DatabaseAsync();
        var environment = database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        var token = identity.Issuer.Token("todo", Guid.CreateVersion7(), TodoScene.AllScopes);
        var acknowledged = new ConcurrentDictionary<Guid, bool>();
        var sent = new ConcurrentDictionary<string, string>();

        for (var life = 0; life < Lives; life++)
        {
            await using var service = await ServiceProcess.StartAsync(environment);
            using var client = Client(service, token);
            var written = 0;
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
            {
                while (await TryWriteAsync(client, sent, acknowledged))
                {
                    if (Interlocked.Increment(ref written) >= BatchesPerLife)
                    {
                        enough.TrySetResult();
                    }
                }
            })).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await service.KillAsync();
            await Task.WhenAll(writers);
        }

        await AssertAllThereAsync(database, acknowledged.Keys);

        // Whoever got no answer sends the same again. What had been committed is answered, what had not is done now, nothing twice.
        await using var last = await ServiceProcess.StartAsync(environment);
        using var again = Client(last, token);
        foreach (var (key, body) in sent)
        {
            Assert.Equal(207, await SendAsync(again, key, body));
        }

        Assert.Equal($"{sent.Count * BatchSize}", await database.TextAsync("select count(*) from todos"));
        Assert.Equal($"{sent.Count * BatchSize}", await database.TextAsync("select count(*) from changes where kind = 'todo'"));
        Assert.Equal("1", await database.TextAsync("select count(*) from lists"));
    }

    private static async Task AssertAllThereAsync(TestDatabase database, ICollection<Guid> ids)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("select count(*) from todos where id = any($1)", connection);
        command.Parameters.Add(new() { Value = ids.ToArray() });
        Assert.Equal((long)ids.Count, await command.ExecuteScalarAsync());
        Assert.True(ids.Count >= Lives * BatchesPerLife * BatchSize);
    }

    private static async Task<bool> TryWriteAsync(HttpClient client, ConcurrentDictionary<string, string> sent, ConcurrentDictionary<Guid, bool> acknowledged)
    {
        var key = Guid.NewGuid().ToString();
        var ids = Enumerable.Range(0, BatchSize).Select(_ => Guid.CreateVersion7()).ToList();
        var body = $$"""{"atomic":true,"operations":[{{string.Join(',', ids.Select(id => $$"""{"op":"create","body":{"id":"{{id}}","title":"t"} }"""))}}]}""";
        sent[key] = body;
        try
        {
            if (await SendAsync(client, key, body) == 207)
            {
                ids.ForEach(id => acknowledged[id] = true);
            }

            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private static async Task<int> SendAsync(HttpClient client, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/todos/batch") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        return (int)response.StatusCode;
    }

    private static HttpClient Client(ServiceProcess service, string token) => new() { BaseAddress = service.Address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
}
