using System.Globalization;

namespace Slipway.Misbehaver;

internal sealed record Answer(int Status, string Body)
{
    public int? ExitWith { get; init; }
}

/// <summary>The same answers over HTTP/1.1 and HTTP/2.</summary>
internal static class Answers
{
    public static bool Ready { get; set; } = true;

    public static bool Live { get; set; } = true;

    public static async Task<Answer> ToAsync(string path, string query)
    {
        switch (path)
        {
            case "/ready":
                return Ready ? new Answer(200, "ready\n") : new Answer(503, "not ready\n");
            case "/live":
                return Live ? new Answer(200, "live\n") : new Answer(500, "dead\n");
            case "/become/unready":
                Ready = false;
                return new Answer(200, "ok\n");
            case "/become/ready":
                Ready = true;
                return new Answer(200, "ok\n");
            case "/become/dead":
                Live = false;
                return new Answer(200, "ok\n");
            case "/env":
                return new Answer(200, (Environment.GetEnvironmentVariable(query) ?? "") + "\n");
            case "/file":
                return File.Exists(query) ? new Answer(200, await File.ReadAllTextAsync(query)) : new Answer(404, "no such file\n");
            case "/sleep":
                await Task.Delay(TimeSpan.FromMilliseconds(int.Parse(query, CultureInfo.InvariantCulture)), TimeProvider.System);
                return new Answer(200, "slept\n");
            case "/crash":
                return new Answer(200, "bye\n") { ExitWith = query.Length == 0 ? 1 : int.Parse(query, CultureInfo.InvariantCulture) };
            case "/leak":
                _ = Task.Run(Mischief.Leak);
                return new Answer(200, "leaking\n");
            default:
                return new Answer(200, $"hello from {Environment.GetEnvironmentVariable("HOSTNAME")}\n");
        }
    }
}
