using System.Text.Json.Serialization;
using Slipway.Identity.Accounts;
using Slipway.Identity.EmailChanges;
using Slipway.Identity.PasswordResets;
using Slipway.Identity.Registrations;
using Slipway.Identity.Retail;
using Slipway.Identity.Sessions;
using Slipway.Identity.Todo;

namespace Slipway.Identity;

/// <summary>Every body this service reads and writes, but for the further parts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(AccountPatch))]
[JsonSerializable(typeof(PasswordBody))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(SecondFactorBody))]
[JsonSerializable(typeof(SignInReply))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(RegistrationBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(EmailBody))]
[JsonSerializable(typeof(StateReply))]
[JsonSerializable(typeof(ConfirmedReply))]
[JsonSerializable(typeof(PasswordResetBody))]
[JsonSerializable(typeof(EmailChangeBody))]
[JsonSerializable(typeof(EmailState))]
[JsonSerializable(typeof(TodoRegisterBody))]
[JsonSerializable(typeof(LoginBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(TodoTokens))]
[JsonSerializable(typeof(TodoUser))]
[JsonSerializable(typeof(TodoProfileBody))]
[JsonSerializable(typeof(VerifiedClaims))]
[JsonSerializable(typeof(RetailRegisterBody))]
[JsonSerializable(typeof(RetailTokens))]
[JsonSerializable(typeof(RetailUser))]
[JsonSerializable(typeof(RetailProfileBody))]
internal sealed partial class IdentityJson : JsonSerializerContext;
