// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The library's own exceptions: out of range, bad cast, bad alloc, bad numbers.
//
// ERROR: yes
#include <iostream>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <variant>
#include <vector>

struct base { virtual ~base() = default; };
struct derived : base { };

template <class F> static void attempt(const char *name, F f)
{
	try {
		f();
		std::cout << name << ": nothing thrown\n";
	} catch (const std::out_of_range &) {
		std::cout << name << ": out_of_range\n";
	} catch (const std::invalid_argument &) {
		std::cout << name << ": invalid_argument\n";
	} catch (const std::bad_cast &) {
		std::cout << name << ": bad_cast\n";
	} catch (const std::bad_alloc &) {
		std::cout << name << ": bad_alloc\n";
	} catch (const std::length_error &) {
		std::cout << name << ": length_error\n";
	} catch (const std::bad_variant_access &) {
		std::cout << name << ": bad_variant_access\n";
	}
}

int main()
{
	base plain;
	std::vector<int> v(3);
	volatile size_t huge = size_t(1) << 60;
	attempt("at", [&] { v.at(3) = 1; });
	attempt("map", [] { std::map<int, int>().at(1); });
	attempt("stoi", [] { std::stoi("x"); });
	attempt("stoi big", [] { std::stoi("99999999999999"); });
	attempt("cast", [&] { dynamic_cast<derived &>(plain); });
	attempt("new", [&] { ::operator delete(::operator new(huge)); });
	attempt("resize", [&] { v.resize(size_t(-1)); });
	attempt("variant", [] { std::get<int>(std::variant<int, char>('x')); });
}
