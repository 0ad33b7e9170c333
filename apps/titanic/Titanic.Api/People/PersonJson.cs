using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Titanic.Api.People;

/// <summary>Writes people as JSON. By hand, because this is what the service does most.</summary>
internal static class PersonJson
{
    public const string MediaType = "application/json; charset=utf-8";

    public static void Write(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject();
        WriteMembers(json, person);
        json.WriteEndObject();
    }

    /// <summary>For an object that has further members.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Person person)
    {
        var content = person.Content;
        json.WriteString("uuid"u8, person.Uuid);
        json.WriteNumber("passengerId"u8, person.PassengerId);
        json.WriteBoolean("survived"u8, content.Survived);
        json.WriteNumber("passengerClass"u8, content.Class);
        json.WriteString("name"u8, content.Name);
        json.WriteString("sex"u8, content.Sex);
        Number(json, "age"u8, content.Age);
        json.WriteNumber("siblingsOrSpousesAboard"u8, content.SiblingsOrSpouses);
        json.WriteNumber("parentsOrChildrenAboard"u8, content.ParentsOrChildren);
        json.WriteString("ticket"u8, content.Ticket);
        json.WriteNumber("fare"u8, content.Fare);
        json.WriteString("cabin"u8, content.Cabin);
        json.WriteString("embarked"u8, content.Embarked);
        Instant(json, "createdAt"u8, person.CreatedAt);
        Instant(json, "updatedAt"u8, person.UpdatedAt);
        json.WriteNumber("version"u8, person.Version);
        if (person.DeletedAt is { } deletedAt)
        {
            Instant(json, "deletedAt"u8, deletedAt);
        }

        if (person.HoldReason is not null)
        {
            json.WriteString("holdReason"u8, person.HoldReason);
        }
    }

    public static Reply Reply(Person person) =>
        new(200, [new("Content-Type", MediaType), new("ETag", Versions.ETag(person.Version))], Bytes(person));

    public static Reply Created(Person person, string location) =>
        new(201, [new("Content-Type", MediaType), new("Location", location), new("ETag", Versions.ETag(person.Version))], Bytes(person));

    public static ReadOnlyMemory<byte> Bytes(Person person) => Bytes(512, person, static (json, written) => Write(json, written));

    /// <summary>What the function writes, as bytes.</summary>
    public static ReadOnlyMemory<byte> Bytes<T>(int expected, T state, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(expected);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json, state);
        }

        return buffer.WrittenMemory;
    }

    public static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, value.Value);
        }
    }

    /// <summary>UTC with Z and milliseconds.</summary>
    public static void Instant(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        Span<char> text = stackalloc char[32];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
