using System.Net;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.Sdk.Tests.Service;

public sealed class ProcessTests
{
    private static readonly Dictionary<string, string> s_nothing = [];

    [Fact]
    public async Task A_terminated_service_finishes_what_runs_and_ends_well()
    {
        await using var service = ServiceProcess.Start(s_nothing);
        await service.ReadyAsync();
        using var body = new PausedBody("""{"text":"hello","stars":1}""");
        var running = service.Client.PostAsync("/api/v1/notes", body);
        await Eventually.TrueAsync(async () => (await service.Client.GetStringAsync("/metrics")).Contains("slipway_http_requests_running 1", StringComparison.Ordinal), "the request runs");

        await service.TerminateAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var ready = await service.Client.GetAsync("/ready");
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "the service is not ready any more");
        body.GoOn();
        using var answer = await running;

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(0, await service.ExitAsync());
        Assert.Contains("Created a note", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_longer_than_its_grace_does_not_keep_a_service_alive()
    {
        await using var service = ServiceProcess.Start(new Dictionary<string, string> { ["DRAIN_SECONDS"] = "0.2" });
        await service.ReadyAsync();
        using var body = new PausedBody("""{"text":"hello","stars":1}""");
        var running = service.Client.PostAsync("/api/v1/notes", body);
        await Eventually.TrueAsync(async () => (await service.Client.GetStringAsync("/metrics")).Contains("slipway_http_requests_running 1", StringComparison.Ordinal), "the request runs");

        await service.TerminateAsync();

        Assert.Equal(0, await service.ExitAsync());
        body.GoOn();
        await Assert.ThrowsAnyAsync<Exception>(() => running);
    }

    [Fact]
    public async Task Wrong_settings_end_with_a_code_of_their_own_and_a_line_for_each()
    {
        await using var service = ServiceProcess.Start(new Dictionary<string, string> { ["PORT"] = "http", ["LIMIT_FEW"] = "many" });

        Assert.Equal(78, await service.ExitAsync());
        await Eventually.TrueAsync(() => service.Errors.Contains("LIMIT_FEW must be calls/seconds, such as 5/900, not \"many\".", StringComparison.Ordinal), "the second mistake is told");
        Assert.Contains("sample: PORT must be a whole number from 0 to 65535, not \"http\".", service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_runs_instead_of_serving()
    {
        await using var service = ServiceProcess.Start(s_nothing, "greet", "the", "world");

        Assert.Equal(3, await service.ExitAsync());
        await Eventually.TrueAsync(() => service.Output.Contains("Hello the world", StringComparison.Ordinal), "the command speaks");
    }

    [Fact]
    public async Task The_document_can_be_had_without_serving()
    {
        await using var service = ServiceProcess.Start(s_nothing, "openapi");

        Assert.Equal(0, await service.ExitAsync());
        await Eventually.TrueAsync(() => service.Output.TrimEnd().EndsWith('}'), "the document is complete");
        using var document = System.Text.Json.JsonDocument.Parse(service.Output);
        Assert.Equal("3.1.0", document.RootElement.GetProperty("openapi").GetString());
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_refused_with_those_that_do()
    {
        await using var service = ServiceProcess.Start(s_nothing, "gret");

        Assert.Equal(64, await service.ExitAsync());
        await Eventually.TrueAsync(() => service.Errors.Contains("there is no command gret; known are: greet, openapi", StringComparison.Ordinal), "the commands are told");
    }
}
