using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Tests.Collecting;

public sealed class FileLogSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-filelog-").FullName;
    private readonly FileLogSource _source;

    public FileLogSourceTests() => _source = new FileLogSource("server", LogFile, (line, at) => new LogRecord(LabelSet.Empty, 0, line), TimeProvider.System);

    private string LogFile => Path.Combine(_folder, "server.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lines_are_followed_over_a_file_that_is_full_and_begun_anew()
    {
        await File.AppendAllTextAsync(LogFile, "first file, line 1\n", Cancellation);
        await using var reading = _source.ReadAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal("first file, line 1", await NextAsync(reading));
        await File.AppendAllTextAsync(LogFile, "first file, line 2\n", Cancellation);
        File.Move(LogFile, LogFile + ".1");
        await File.AppendAllTextAsync(LogFile, "second file, line 1\nsecond file, line 2\n", Cancellation);

        Assert.Equal(["first file, line 2", "second file, line 1", "second file, line 2"], [await NextAsync(reading), await NextAsync(reading), await NextAsync(reading)]);
    }

    [Fact]
    public async Task A_position_holds_although_the_file_was_moved_meanwhile()
    {
        await File.AppendAllTextAsync(LogFile, "a1\na2\n", Cancellation);
        string position;
        await using (var reading = _source.ReadAsync(null, Cancellation).GetAsyncEnumerator(Cancellation))
        {
            await NextAsync(reading);
            position = reading.Current.Position;
        }

        File.Move(LogFile, LogFile + ".2");
        await File.AppendAllTextAsync(LogFile + ".1", "b1\n", Cancellation);
        await File.AppendAllTextAsync(LogFile, "c1\n", Cancellation);
        await using var later = _source.ReadAsync(position, Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal(["a2", "b1", "c1"], [await NextAsync(later), await NextAsync(later), await NextAsync(later)]);
    }

    [Fact]
    public async Task A_line_that_is_still_being_written_waits_for_its_end()
    {
        await File.AppendAllTextAsync(LogFile, "whole\nhal", Cancellation);
        await using var reading = _source.ReadAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.Equal("whole", await NextAsync(reading));
        var next = NextAsync(reading);
        await File.AppendAllTextAsync(LogFile, "f\n", Cancellation);

        Assert.Equal("half", await next);
    }

    [Fact]
    public async Task Without_a_position_old_files_are_left_alone()
    {
        await File.AppendAllTextAsync(LogFile + ".1", "old\n", Cancellation);
        await File.AppendAllTextAsync(LogFile, "new\n", Cancellation);
        await using var reading = _source.ReadAsync(null, Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.Equal("new", await NextAsync(reading));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string> NextAsync(IAsyncEnumerator<SourceLine> reading)
    {
        Assert.True(await reading.MoveNextAsync());
        return reading.Current.Text;
    }
}
