using System.Globalization;
using System.Net.Security;
using System.Text;

namespace Slipway.Identity.Mail;

/// <summary>One conversation with a mail server (RFC 5321): commands out, replies in, and TLS in between if wanted.</summary>
internal sealed class SmtpSession(Stream plain) : IAsyncDisposable
{
    private const int LineBytesMax = 2048;
    private const int LinesMax = 100;

    private readonly byte[] _one = new byte[1];
    private Stream _stream = plain;

    public bool IsSecure => _stream is SslStream;

    public async Task SecureAsync(string host, CancellationToken cancellation)
    {
        var secure = new SslStream(_stream);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellation);
    }

    /// <summary>Says hello and answers what the server offers.</summary>
    public async Task<IReadOnlySet<string>> GreetAsync(CancellationToken cancellation)
    {
        var lines = await SendAsync("EHLO slipway", 250, cancellation);
        return lines.Skip(1).Select(line => line.Split(' ')[0].ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<string>> SendAsync(string command, int expected, CancellationToken cancellation)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellation);
        return await ExpectAsync(expected, cancellation);
    }

    public async Task SendBodyAsync(byte[] message, CancellationToken cancellation)
    {
        // Every line is a header or base64, so none begins with a dot and nothing needs doubling.
        await _stream.WriteAsync(message, cancellation);
        await _stream.WriteAsync(".\r\n"u8.ToArray(), cancellation);
    }

    /// <summary>Reads a reply; another code than expected throws, for good if the server says so.</summary>
    public async Task<IReadOnlyList<string>> ExpectAsync(int expected, CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (lines.Count < LinesMax)
        {
            var line = await LineAsync(cancellation);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                throw new IOException("The mail server answered something that is no SMTP reply.");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-')
            {
                continue;
            }

            return code == expected ? lines
                : code >= 500 ? throw new MailRefusedException($"The mail server refused: {code} {lines[^1]}")
                : throw new IOException($"The mail server answered {code} {lines[^1]}");
        }

        throw new IOException("The mail server's reply does not end.");
    }

    public async Task LeaveAsync(CancellationToken cancellation)
    {
        try
        {
            await SendAsync("QUIT", 221, cancellation);
        }
        catch (Exception failure) when (failure is IOException or MailRefusedException)
        {
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>(80);
        while (line.Count < LineBytesMax)
        {
            if (await _stream.ReadAsync(_one, cancellation) == 0)
            {
                throw new IOException("The mail server closed the connection.");
            }

            if (_one[0] == (byte)'\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(_one[0]);
        }

        throw new IOException("A line of the mail server is too long.");
    }
}
