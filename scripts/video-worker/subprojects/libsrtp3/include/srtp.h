// The calls of libsrtp 3 that mediasoup-worker makes, made out of those of libsrtp 2. C++ tells the two apart by their
// arguments; only the policy, a struct there and an opaque pointer here, has the same name for different things.
#pragma once

#include <srtp2/srtp.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Of libsrtp 3 only; the codes of libsrtp 2 end at 27.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

namespace libsrtp3
{
	struct Policy
	{
		::srtp_policy_t inner;
		uint8_t key[SRTP_MAX_KEY_LEN];
	};

	// libsrtp 2 works in place, and does not know how much room there is behind the packet.
	template<typename Transform>
	srtp_err_status_t transform(
	  Transform inPlace,
	  srtp_t session,
	  const uint8_t* from,
	  size_t fromLength,
	  uint8_t* to,
	  size_t* toLength,
	  size_t growsBy)
	{
		if (fromLength + growsBy > *toLength)
			return srtp_err_status_buffer_small;
		if (from != to)
			std::memcpy(to, from, fromLength);

		int length        = static_cast<int>(fromLength);
		const auto status = inPlace(session, to, &length);
		*toLength         = static_cast<size_t>(length);

		return status;
	}
} // namespace libsrtp3

#define srtp_policy_t libsrtp3::Policy*

inline srtp_err_status_t srtp_policy_create(libsrtp3::Policy** policy)
{
	*policy = new (std::nothrow) libsrtp3::Policy();

	return *policy == nullptr ? srtp_err_status_alloc_fail : srtp_err_status_ok;
}

inline void srtp_policy_destroy(libsrtp3::Policy* policy)
{
	// It holds a key: the memory is given back without it.
	volatile uint8_t* key = policy->key;
	for (size_t at{ 0 }; at < sizeof(policy->key); ++at)
		key[at] = 0;

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(libsrtp3::Policy* policy, srtp_ssrc_t ssrc)
{
	policy->inner.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(libsrtp3::Policy* policy, srtp_profile_t profile)
{
	const auto status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->inner.rtp, profile);
	if (status != srtp_err_status_ok)
		return status;

	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->inner.rtcp, profile);
}

// One key, without an identifier: mediasoup-worker has no more.
inline srtp_err_status_t srtp_policy_add_key(
  libsrtp3::Policy* policy,
  const uint8_t* key,
  size_t keyLength,
  const uint8_t* salt,
  size_t saltLength,
  const uint8_t* /*identifier*/,
  size_t identifierLength)
{
	if (keyLength + saltLength > sizeof(policy->key) || identifierLength != 0)
		return srtp_err_status_bad_param;

	std::memcpy(policy->key, key, keyLength);
	std::memcpy(policy->key + keyLength, salt, saltLength);
	policy->inner.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(libsrtp3::Policy* policy, bool allow)
{
	policy->inner.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(libsrtp3::Policy* policy, size_t packets)
{
	policy->inner.window_size = packets;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, libsrtp3::Policy* policy)
{
	return ::srtp_create(session, &policy->inner);
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return ::srtp_remove_stream(session, ssrc);
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLength, uint8_t* srtp, size_t* srtpLength, size_t /*key*/)
{
	const auto inPlace = [](srtp_t with, void* packet, int* length) { return ::srtp_protect(with, packet, length); };

	return libsrtp3::transform(inPlace, session, rtp, rtpLength, srtp, srtpLength, SRTP_MAX_TRAILER_LEN);
}

// Behind a packet of RTCP comes its index, too.
inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLength, uint8_t* srtcp, size_t* srtcpLength, size_t /*key*/)
{
	const auto inPlace = [](srtp_t with, void* packet, int* length)
	{ return ::srtp_protect_rtcp(with, packet, length); };
	const size_t growsBy = SRTP_MAX_TRAILER_LEN + sizeof(uint32_t);

	return libsrtp3::transform(inPlace, session, rtcp, rtcpLength, srtcp, srtcpLength, growsBy);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLength, uint8_t* rtp, size_t* rtpLength)
{
	const auto inPlace = [](srtp_t with, void* packet, int* length) { return ::srtp_unprotect(with, packet, length); };

	return libsrtp3::transform(inPlace, session, srtp, srtpLength, rtp, rtpLength, 0);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLength, uint8_t* rtcp, size_t* rtcpLength)
{
	const auto inPlace = [](srtp_t with, void* packet, int* length)
	{ return ::srtp_unprotect_rtcp(with, packet, length); };

	return libsrtp3::transform(inPlace, session, srtcp, srtcpLength, rtcp, rtcpLength, 0);
}
