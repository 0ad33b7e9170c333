using System.Text;

namespace Slipway.Gateway.Messages;

/// <summary>A request's head, read strictly (RFC 9112): what two servers could understand differently is refused.</summary>
internal sealed class RequestHead : MessageHead
{
    private int _methodLength;
    private int _pathStart;
    private int _pathLength;
    private int _targetEnd;
    private int _hostStart;
    private int _hostLength;

    public ReadOnlySpan<byte> Method => Bytes[.._methodLength];

    /// <summary>Path and query as sent, in origin form.</summary>
    public ReadOnlySpan<byte> PathAndQuery => Bytes[_pathStart.._targetEnd];

    public ReadOnlySpan<byte> Path => Bytes.Slice(_pathStart, _pathLength);

    /// <summary>With its question mark; empty when there is none.</summary>
    public ReadOnlySpan<byte> Query => Bytes[(_pathStart + _pathLength).._targetEnd];

    /// <summary>Host and port as sent. An absolute target outranks the Host field.</summary>
    public ReadOnlySpan<byte> Host => Bytes.Slice(_hostStart, _hostLength);

    public bool IsHead { get; private set; }

    /// <summary>HTTP/1.0 clients understand neither chunks nor interim answers.</summary>
    public bool IsVersion10 { get; private set; }

    public bool ExpectsContinue { get; private set; }

    /// <summary>Asks for another protocol on this connection; <c>h2c</c> does not count, HTTP/2 starts by prior knowledge.</summary>
    public bool IsUpgrade { get; private set; }

    public bool HasBody => Chunked || ContentLength > 0;

    /// <summary>RFC 9110 9.2.2: sending it twice has the effect of sending it once.</summary>
    public bool IsIdempotent { get; private set; }

    public HeadError Read(ReadOnlySpan<byte> head)
    {
        Load(head);
        IsUpgrade = false;
        ExpectsContinue = false;
        _hostLength = 0;
        var lineEnd = Bytes.IndexOf((byte)'\n');
        if (lineEnd < 1 || Bytes[lineEnd - 1] != '\r')
        {
            return HeadError.BareLineFeed;
        }

        var error = ReadStartLine(Bytes[..(lineEnd - 1)]);
        if (error != HeadError.None)
        {
            return error;
        }

        error = ReadFields(lineEnd + 1, request: true);
        return error != HeadError.None ? error : Understand();
    }

    private HeadError ReadStartLine(ReadOnlySpan<byte> line)
    {
        _methodLength = line.IndexOf((byte)' ');
        if (_methodLength is <= 0 or > 32 || line[.._methodLength].ContainsAnyExcept(Grammar.Token))
        {
            return HeadError.BadStartLine;
        }

        var rest = line[(_methodLength + 1)..];
        var space = rest.IndexOf((byte)' ');
        if (space <= 0)
        {
            return HeadError.BadStartLine;
        }

        var version = rest[(space + 1)..];
        if (version.Length != 8 || !version.StartsWith("HTTP/1."u8) || version[7] is not ((byte)'1' or (byte)'0'))
        {
            return version.StartsWith("HTTP/"u8) && version.Length == 8 ? HeadError.BadVersion : HeadError.BadStartLine;
        }

        IsVersion10 = version[7] == '0';
        var target = rest[..space];
        var start = _methodLength + 1;
        _targetEnd = start + space;
        if (!Grammar.IsTarget(target))
        {
            return HeadError.BadTarget;
        }

        var method = Method;
        IsHead = method.SequenceEqual("HEAD"u8);
        IsIdempotent = IsHead || method.SequenceEqual("GET"u8) || method.SequenceEqual("PUT"u8) || method.SequenceEqual("DELETE"u8)
            || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("TRACE"u8);
        return ReadTarget(target, start);
    }

    private HeadError ReadTarget(ReadOnlySpan<byte> target, int start)
    {
        if (target[0] == '/')
        {
            _pathStart = start;
        }
        else if (target.Length == 1 && target[0] == '*' && Method.SequenceEqual("OPTIONS"u8))
        {
            _pathStart = start;
        }
        else
        {
            var scheme = StartsWithIgnoreCase(target, "http://"u8) ? 7 : StartsWithIgnoreCase(target, "https://"u8) ? 8 : 0;
            if (scheme == 0)
            {
                return HeadError.BadTarget;
            }

            var slash = target[scheme..].IndexOfAny((byte)'/', (byte)'?');
            if (slash <= 0 || target[scheme + slash] != '/')
            {
                return HeadError.BadTarget;
            }

            _hostStart = start + scheme;
            _hostLength = slash;
            _pathStart = start + scheme + slash;
        }

        var question = Bytes[_pathStart.._targetEnd].IndexOf((byte)'?');
        _pathLength = question < 0 ? _targetEnd - _pathStart : question;
        return HeadError.None;
    }

    private HeadError Understand()
    {
        var absolute = _hostLength > 0;
        var hosts = 0;
        var close = false;
        var keep = false;
        var upgradeOption = false;
        var upgradeField = false;
        foreach (ref readonly var field in Fields)
        {
            var value = ValueOf(field);
            var error = HeadError.None;
            switch (field.Kind)
            {
                case FieldKind.Host:
                    hosts++;
                    if (!absolute)
                    {
                        _hostStart = field.ValueStart;
                        _hostLength = field.ValueLength;
                    }

                    error = Grammar.IsAuthority(value) ? HeadError.None : HeadError.BadHost;
                    break;
                case FieldKind.ContentLength:
                    error = ReadContentLength(value);
                    break;
                case FieldKind.TransferEncoding:
                    // Only "chunked", once: every other coding would have to be undone before the next hop may see it.
                    error = Chunked || IsVersion10 || !Ascii.EqualsIgnoreCase(value, "chunked"u8) ? HeadError.BadEncoding : HeadError.None;
                    Chunked = true;
                    break;
                case FieldKind.Connection:
                    HasConnectionOptions = true;
                    close |= ListContains(value, "close"u8);
                    keep |= ListContains(value, "keep-alive"u8);
                    upgradeOption |= ListContains(value, "upgrade"u8);
                    break;
                case FieldKind.Upgrade:
                    upgradeField = !ListContains(value, "h2c"u8);
                    break;
                case FieldKind.Expect:
                    ExpectsContinue = Ascii.EqualsIgnoreCase(value, "100-continue"u8);
                    error = ExpectsContinue ? HeadError.None : HeadError.BadExpectation;
                    break;
            }

            if (error != HeadError.None)
            {
                return error;
            }
        }

        if (Chunked && ContentLength >= 0)
        {
            return HeadError.LengthAndEncoding;
        }

        if (hosts != 1 || _hostLength == 0 || (absolute && !Grammar.IsAuthority(Host)))
        {
            return HeadError.BadHost;
        }

        KeepAlive = !close && (!IsVersion10 || keep);
        IsUpgrade = upgradeOption && upgradeField && !IsVersion10;
        return HeadError.None;
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);
}
