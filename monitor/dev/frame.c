// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// frame.h: addresses, and who may send what.
#include <arpa/inet.h>
#include <string.h>

#include <monitor/dev/frame.h>

#define TYPE_IPV4 0x0800 // IEEE 802 numbers (IANA)
#define TYPE_ARP 0x0806
#define TYPE_IPV6 0x86dd
#define ARP_LEN 28
#define V4_LEN 20
#define V6_LEN 40

enum { NEXT_TCP = 6, NEXT_UDP = 17, NEXT_FRAGMENT = 44, NEXT_ICMP6 = 58 };

// RFC 4443, RFC 4861
enum { ICMP6_ROUTER_ADVERT = 134, ICMP6_NEIGHBOUR_ADVERT = 136, ICMP6_REDIRECT = 137 };

void frame_mac(uint8_t mac[6], uint8_t member)
{
	uint32_t v4 = frame_v4(member);

	mac[0] = 0x02; // locally administered, one host (IEEE 802, 8.2)
	mac[1] = 'p';
	memcpy(mac + 2, &v4, 4);
}

uint32_t frame_v4(uint8_t member)
{
	return htonl(FRAME_SUBNET | member);
}

// The last 64 bits of an IPv6 address, out of the MAC.
static void interface_id(uint8_t id[8], uint8_t member)
{
	uint8_t mac[6];

	frame_mac(mac, member);
	memcpy(id, mac, 3);
	id[0] ^= 0x02;
	id[3] = 0xff;
	id[4] = 0xfe;
	memcpy(id + 5, mac + 3, 3);
}

void frame_v6(uint8_t addr[16], uint8_t member)
{
	inet_pton(AF_INET6, FRAME_PREFIX6, addr);
	interface_id(addr + 8, member);
}

uint8_t frame_member_of(const uint8_t mac[6])
{
	uint8_t own[6];

	frame_mac(own, mac[5]);
	return memcmp(own, mac, 6) ? 0 : mac[5];
}

static unsigned get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

// RFC 826: a packet about IPv4 on Ethernet, whose sender is who it says.
static bool arp_allowed(const uint8_t *arp, size_t len, const uint8_t *mac, uint32_t v4)
{
	static const uint8_t kind[6] = { 0, 1, 8, 0, 6, 4 };

	return len >= ARP_LEN && !memcmp(arp, kind, 6) && !memcmp(arp + 8, mac, 6) &&
	       !memcmp(arp + 14, &v4, 4);
}

static bool v4_allowed(const uint8_t *ip, size_t len, uint32_t v4)
{
	return len >= V4_LEN && ip[0] >> 4 == 4 && (ip[0] & 15) >= 5 && get16(ip + 2) >= V4_LEN &&
	       get16(ip + 2) <= len && !memcmp(ip + 12, &v4, 4);
}

// Its address of the prefix, or of the link (fe80::/64).
static bool own_v6(const uint8_t *addr, uint8_t member)
{
	uint8_t own[16], link[16] = { 0xfe, 0x80 };

	frame_v6(own, member);
	memcpy(link + 8, own + 8, 8);
	return !memcmp(addr, own, 16) || !memcmp(addr, link, 16);
}

// A member is no router, and advertises itself only.
static bool icmp6_allowed(const uint8_t *icmp, size_t len, uint8_t member)
{
	if (len < 8 || icmp[0] == ICMP6_ROUTER_ADVERT || icmp[0] == ICMP6_REDIRECT)
		return false;
	return icmp[0] != ICMP6_NEIGHBOUR_ADVERT || (len >= 24 && own_v6(icmp + 8, member));
}

// Behind other extension headers than that of a fragment ICMPv6 could hide, and in a fragment too
// (RFC 6980): TCP and UDP need none.
static bool v6_allowed(const uint8_t *ip, size_t len, uint8_t member)
{
	if (len < V6_LEN + 8 || ip[0] >> 4 != 6 || get16(ip + 4) > len - V6_LEN ||
	    !own_v6(ip + 8, member))
		return false;
	switch (ip[6]) {
	case NEXT_TCP:
	case NEXT_UDP:
		return true;
	case NEXT_FRAGMENT:
		return ip[V6_LEN] == NEXT_TCP || ip[V6_LEN] == NEXT_UDP;
	case NEXT_ICMP6:
		return icmp6_allowed(ip + V6_LEN, len - V6_LEN, member);
	default:
		return false;
	}
}

// None of the three looks further than at FRAME_HEAD bytes.
_Static_assert(FRAME_ETHERNET + V6_LEN + 24 <= FRAME_HEAD, "the head is long enough");

bool frame_allowed(const uint8_t *head, size_t len, uint8_t member)
{
	const uint8_t *packet = head + FRAME_ETHERNET;
	uint8_t mac[6];

	frame_mac(mac, member);
	if (len < FRAME_ETHERNET || memcmp(head + 6, mac, 6))
		return false;
	len -= FRAME_ETHERNET;
	switch (get16(head + 12)) {
	case TYPE_ARP: return arp_allowed(packet, len, mac, frame_v4(member));
	case TYPE_IPV4: return v4_allowed(packet, len, frame_v4(member));
	case TYPE_IPV6: return v6_allowed(packet, len, member);
	default: return false;
	}
}
