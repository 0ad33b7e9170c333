using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Collecting;

/// <summary>
/// A file of lines that is moved to <c>.1</c>, <c>.2</c>, … when it is full, as the server's own log and the gateway's are. A
/// file is known by its first line, so that a position holds however often it was moved meanwhile.
/// </summary>
/// <param name="describe">A line, and when it was read for lines that say no time themselves.</param>
public sealed class FileLogSource(string id, string path, Func<string, DateTimeOffset, LogRecord> describe, TimeProvider time) : LogSource(id)
{
    private const int FilesMax = 9;
    private const int LineBytesMax = 64 << 10;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    public override LogRecord Describe(SourceLine line) => describe(line.Text, line.At);

    public override async IAsyncEnumerable<SourceLine> ReadAsync(string? position, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (mark, offset) = Parse(position);
        // Without a position history begins now; with one that is gone, at the oldest that is left.
        var begun = position is not null;
        while (true)
        {
            var files = Files();
            var at = files.FindIndex(file => file.Mark == mark);
            var next = at >= 0 ? at : begun ? 0 : Math.Max(0, files.Count - 1);
            for (; next < files.Count; next++)
            {
                if (files[next].Mark != mark)
                {
                    (mark, offset) = (files[next].Mark, 0);
                }

                foreach (var (text, end) in Lines(files[next].Path, files[next].Mark, offset))
                {
                    offset = end;
                    yield return new SourceLine(time.GetUtcNow(), "stdout", text, string.Create(CultureInfo.InvariantCulture, $"{mark}:{offset}"));
                }
            }

            begun = true;
            await Task.Delay(s_look, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Oldest first. A file without a whole line does not exist yet.</summary>
    private List<(string Path, string Mark)> Files()
    {
        var files = new List<(string, string)>();
        for (var age = FilesMax; age >= 0; age--)
        {
            var candidate = age == 0 ? path : $"{path}.{age}";
            if (MarkOf(candidate) is { } mark)
            {
                files.Add((candidate, mark));
            }
        }

        return files;
    }

    private static string? MarkOf(string path)
    {
        try
        {
            using var file = Open(path);
            var head = new byte[512];
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var end = Array.IndexOf(head, (byte)'\n', 0, read);
            return end < 0 && read < head.Length ? null : Convert.ToHexStringLower(SHA256.HashData(head.AsSpan(0, end < 0 ? read : end)))[..16];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Text, long End)> Lines(string path, string mark, long offset)
    {
        // Moved between the two looks: the next round finds it under its new name.
        if (MarkOf(path) != mark)
        {
            yield break;
        }

        using var file = Open(path);
        file.Position = offset;
        var buffer = new byte[LineBytesMax];
        var held = 0;
        while (file.Read(buffer, held, buffer.Length - held) is > 0 and var read)
        {
            held += read;
            var start = 0;
            while (true)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', start, held - start);
                if (end < 0 && (start > 0 || held < buffer.Length))
                {
                    break;
                }

                // A line longer than the buffer comes in pieces.
                var length = end < 0 ? held : end - start;
                var text = Encoding.UTF8.GetString(buffer, start, length).TrimEnd('\r');
                start += end < 0 ? length : length + 1;
                offset += end < 0 ? length : length + 1;
                if (text.Length > 0)
                {
                    yield return (text, offset);
                }

                if (start == held)
                {
                    break;
                }
            }

            held -= start;
            Array.Copy(buffer, start, buffer, 0, held);
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static (string? Mark, long Offset) Parse(string? position) =>
        position?.Split(':') is [var mark, var offset] && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? (mark, at) : (null, 0);
}
