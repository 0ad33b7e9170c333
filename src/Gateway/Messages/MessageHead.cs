using System.Text;

namespace Slipway.Gateway.Messages;

/// <summary>
/// A start line and its fields, in bytes of its own: the socket's buffer moves on while the head is still needed for a
/// retry and for the log. One instance serves all messages of a connection, one after the other.
/// </summary>
internal abstract class MessageHead
{
    public const int BytesMax = 64 * 1024;
    public const int FieldsMax = 200;

    private byte[] _bytes = new byte[1024];
    private HeaderField[] _fields = new HeaderField[24];

    public int Length { get; private set; }

    public int FieldCount { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<HeaderField> Fields => _fields.AsSpan(0, FieldCount);

    /// <summary>Declared length of the body; -1 when none is declared.</summary>
    public long ContentLength { get; protected set; }

    public bool Chunked { get; protected set; }

    /// <summary>Whether the sender is willing to use the connection again.</summary>
    public bool KeepAlive { get; protected set; }

    /// <summary>Names listed in Connection fields; they belong to this hop only.</summary>
    public bool HasConnectionOptions { get; protected set; }

    public ReadOnlySpan<byte> NameOf(in HeaderField field) => _bytes.AsSpan(field.NameStart, field.NameLength);

    public ReadOnlySpan<byte> ValueOf(in HeaderField field) => _bytes.AsSpan(field.ValueStart, field.ValueLength);

    /// <summary>The first value of a field, or an empty span. <paramref name="found"/> tells absent from empty.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> lowerCaseName, out bool found)
    {
        foreach (ref readonly var field in Fields)
        {
            if (field.NameLength == lowerCaseName.Length && FieldKinds.Is(NameOf(field), lowerCaseName))
            {
                found = true;
                return ValueOf(field);
            }
        }

        found = false;
        return default;
    }

    /// <summary>Every value of a field joined with commas, as RFC 9110 reads repeated fields; null when absent.</summary>
    public string? FindText(string name)
    {
        Span<byte> lowered = stackalloc byte[64];
        if (name.Length > lowered.Length)
        {
            return null;
        }

        Ascii.ToLower(name, lowered, out var written);
        string? joined = null;
        foreach (ref readonly var field in Fields)
        {
            if (field.NameLength == written && FieldKinds.Is(NameOf(field), lowered[..written]))
            {
                var value = Encoding.Latin1.GetString(ValueOf(field));
                joined = joined is null ? value : $"{joined}, {value}";
            }
        }

        return joined;
    }

    /// <summary>Whether a Connection field lists this name, which makes the named field a matter of this hop.</summary>
    public bool IsConnectionOption(ReadOnlySpan<byte> name)
    {
        foreach (ref readonly var field in Fields)
        {
            if (field.Kind == FieldKind.Connection && ListContains(ValueOf(field), name))
            {
                return true;
            }
        }

        return false;
    }

    public static bool ListContains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name)
    {
        foreach (var range in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(Grammar.Trim(list[range]), name))
            {
                return true;
            }
        }

        return false;
    }

    protected void Load(ReadOnlySpan<byte> head)
    {
        if (_bytes.Length < head.Length)
        {
            _bytes = new byte[Math.Min(BytesMax, int.Max(head.Length, _bytes.Length * 2))];
        }

        head.CopyTo(_bytes);
        Length = head.Length;
        FieldCount = 0;
        ContentLength = -1;
        Chunked = false;
        HasConnectionOptions = false;
    }

    /// <summary>Reads the field lines from <paramref name="position"/> to the empty line at the end.</summary>
    protected HeadError ReadFields(int position, bool request)
    {
        var bytes = Bytes;
        while (true)
        {
            var line = bytes[position..];
            var end = line.IndexOf((byte)'\n');
            if (end <= 0 || line[end - 1] != '\r')
            {
                return HeadError.BareLineFeed;
            }

            if (end == 1)
            {
                return position + 2 == Length ? HeadError.None : HeadError.BadField;
            }

            line = line[..(end - 1)];
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                return HeadError.FoldedField;
            }

            var colon = line.IndexOfAnyExcept(Grammar.Token);
            if (colon <= 0 || line[colon] != ':')
            {
                return HeadError.BadField;
            }

            if (FieldCount == FieldsMax)
            {
                return HeadError.TooManyFields;
            }

            var rest = line[(colon + 1)..];
            if (rest.ContainsAny(Grammar.Controls))
            {
                return HeadError.BadField;
            }

            var lead = rest.Length - rest.TrimStart(" \t"u8).Length;
            var name = line[..colon];
            Add(new HeaderField
            {
                NameStart = position,
                NameLength = colon,
                ValueStart = position + colon + 1 + lead,
                ValueLength = Grammar.Trim(rest).Length,
                Kind = request ? FieldKinds.OfRequest(name) : FieldKinds.OfResponse(name),
            });
            position += end + 1;
        }
    }

    /// <summary>Content-Length: digits only, a list of equal values is refused like a differing one because intermediaries disagree on it.</summary>
    protected HeadError ReadContentLength(ReadOnlySpan<byte> value)
    {
        if (ContentLength >= 0)
        {
            return HeadError.DuplicateLength;
        }

        if (value.IsEmpty || value.Length > 18 || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return HeadError.BadLength;
        }

        long length = 0;
        foreach (var digit in value)
        {
            length = (length * 10) + (digit - '0');
        }

        ContentLength = length;
        return HeadError.None;
    }

    private void Add(HeaderField field)
    {
        if (FieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, Math.Min(FieldsMax, _fields.Length * 2));
        }

        _fields[FieldCount++] = field;
    }
}

/// <summary>Why a head cannot be accepted.</summary>
internal enum HeadError
{
    None,
    BadStartLine,
    BadVersion,
    BadTarget,
    BadField,
    FoldedField,
    BareLineFeed,
    TooManyFields,
    TooLong,
    BadHost,
    BadLength,
    DuplicateLength,
    LengthAndEncoding,
    BadEncoding,
    BadExpectation,
}
